import { SourceError } from './http-error.ts';
import type { Call } from './http-exchange.ts';
import type { HttpRequest, HttpSettings } from './http.ts';
import { isSecret, isSecretHeader, isSecretQuery, type Redactor, type Revealable } from './http-record.ts';

/** The checked base, ending in "/", so that "/api" is kept when "/path" is put behind it. Throws SourceError. */
export function baseOf(settings: HttpSettings): URL {
  const refuse = (what: string) => new SourceError('unexpected', `base_url ${what}.`);
  const url = URL.parse(settings.base_url);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw refuse('is no http or https address; write it as https://host[:port][/path]');
  if (url.username !== '' || url.password !== '') throw refuse('holds a user name or password; give them as secrets of the source instead');
  if (url.search !== '' || url.hash !== '') throw refuse('has a query or fragment; leave them out');
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}

/** What goes on the wire. Every secret used is made known to the redactor. Throws SourceError for what cannot be sent. */
export function callFrom(base: URL, settings: HttpSettings, request: HttpRequest, redactor: Redactor, now: number): Call {
  const method = request.method ?? 'GET';
  const url = urlFrom(base, settings.origins ?? [], request);
  for (const [name, value] of url.searchParams) if (isSecretQuery(name)) redactor.learn(value);
  const { type, body } = bodyFrom(request, redactor);
  const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'gzip, br, zstd', 'user-agent': 'soc-kpi' };
  if (type !== undefined) headers['content-type'] = type;
  const own = url.origin === base.origin ? { ...settings.headers, ...settings.sign?.(url.pathname + url.search, now) } : {};
  const given = [...Object.entries(own), ...Object.entries(request.headers ?? {})];
  for (const [name, value] of given) headers[name.toLowerCase()] = headerValue(name, value, redactor);
  return { method, url, headers, body, where: `${method} ${redactor.clean(url.pathname)}` };
}

/** A path goes behind the base; a whole address (a "next" link) must have the base's origin, or a named one. */
function urlFrom(base: URL, origins: readonly string[], request: HttpRequest): URL {
  const whole = /^https?:\/\//i.test(request.path);
  const url = URL.parse(whole ? request.path : base.href + request.path.replace(/^\/+/, ''));
  const known = url !== null && [base.origin, ...origins.map((each) => new URL(each).origin)].includes(url.origin);
  if (!known || url.username !== '' || url.password !== '') {
    throw new SourceError(
      'redirected',
      `A link to ${url?.host ?? 'nowhere'} is not followed: requests stay on ${base.host}. If it moved there, set base_url to it.`,
    );
  }
  const pairs = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
  const added = pairs.map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  url.search = [url.search.slice(1), ...added].filter((part) => part !== '').join('&');
  url.hash = '';
  return url;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function headerValue(name: string, value: string | Revealable, redactor: Redactor): string {
  const text = isSecret(value) ? value.reveal() : value;
  if (isSecret(value) || isSecretHeader(name)) redactor.learn(text);
  // The library would drop such characters silently, and a changed token only looks like a wrong one.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) {
    throw new SourceError(
      'unexpected',
      `The header ${name} holds a line break or another character that HTTP cannot carry. Check the secret's file or variable.`,
    );
  }
  return text;
}

function bodyFrom(request: HttpRequest, redactor: Redactor): { type?: string; body: string | undefined } {
  const reveal = (value: Revealable) => redactor.learn(value.reveal());
  if (request.form !== undefined) {
    const pairs = Object.entries(request.form).map(([name, value]) => [name, isSecret(value) ? reveal(value) : value]);
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(pairs).toString() };
  }
  if (request.json === undefined) return { body: undefined };
  const body = JSON.stringify(request.json, function (this: unknown, key, plain: unknown) {
    // A secret has already turned itself into "[secret]" here, so look at what it was.
    const value: unknown = Object(this)[key];
    return isSecret(value) ? reveal(value) : plain;
  });
  return { type: 'application/json', body };
}
