import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A throw-away X.509 certificate, written in DER by hand so that tests need no tool beside Node. */
export interface Certificate {
  name: string;
  key: string;
  cert: string;
}

interface Wish {
  name: string;
  /** Absent: signed by itself. */
  issuer?: Certificate;
  /** DNS names and IPv4 addresses it is good for; none for a CA. */
  hosts?: string[];
  from?: string;
  until?: string;
}

export function certificate({ name, issuer, hosts, from = '20200101000000Z', until = '20991231235959Z' }: Wish): Certificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signer: KeyObject = issuer === undefined ? pair.privateKey : createPrivateKey(issuer.key);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1 + Math.floor(Math.random() * 120)])),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? name),
    sequence(time(from), time(until)),
    nameOf(name),
    createPublicKey(pair.privateKey).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(hosts === undefined ? authority : goodFor(hosts))),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer)));
  const text = der.toString('base64').replace(/.{64}/g, '$&\n');
  const cert = `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  return { name, key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function bits(content: Uint8Array): Buffer {
  return tagged(0x03, Buffer.from([0]), content);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function time(text: string): Buffer {
  // Years before 2050 must be written with two digits.
  const old = text < '2050';
  return tagged(old ? 0x17 : 0x18, Buffer.from(old ? text.slice(2) : text));
}

function nameOf(common: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(common)))));
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const yes = tagged(0x01, Buffer.from([0xff]));
const authority = sequence(oid('551d13'), yes, tagged(0x04, sequence(yes)));

function goodFor(hosts: string[]): Buffer {
  const names = hosts.map((host) => {
    const isAddress = /^[\d.]+$/.test(host);
    return isAddress ? tagged(0x87, Buffer.from(host.split('.').map(Number))) : tagged(0x82, Buffer.from(host));
  });
  return sequence(oid('551d11'), tagged(0x04, sequence(...names)));
}
