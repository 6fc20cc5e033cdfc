/** A header value that is a secret: only the door to the network reads it. */
interface Hidden {
  reveal(): string;
}

/** "Basic …" of a user and a secret password (RFC 7617, UTF-8). */
export function basicAuth(user: string, password: Hidden): Hidden {
  return { reveal: () => `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}` };
}

/** A secret behind its scheme, e.g. prefixed('Bearer ', token). */
export function prefixed(prefix: string, secret: Hidden): Hidden {
  return { reveal: () => prefix + secret.reveal() };
}
