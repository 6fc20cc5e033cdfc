import type { Effects } from '../effects.ts';

const mostBytes = 2_000_000;
const mostSide = 8_000;
/** Twice what a page shows, so that it stays sharp on paper. */
const box = { width: 480, height: 120 };

/**
 * A logo as the data URL of a PNG that was drawn here: whatever else the file holds (metadata, script, a second file) is
 * left behind. Says in words what is wrong with it instead.
 */
export async function readLogo(path: string, effects: Effects): Promise<{ png: string } | { problem: string }> {
  let bytes: Buffer;
  try {
    bytes = await effects.readFile(path);
  } catch {
    return { problem: 'cannot be read; the path is relative to the configuration' };
  }
  const fault = faultOf(bytes);
  if (fault !== undefined) return { problem: fault };
  try {
    return { png: await drawAnew(bytes) };
  } catch {
    return { problem: 'is no picture that can be drawn; give a PNG, JPEG or SVG file' };
  }
}

/** What can be told without decoding it. */
function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length > mostBytes) return `has ${bytes.length} bytes; a logo has at most ${mostBytes}`;
  const head = bytes.subarray(0, 1000).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) {
    // Width and height stand in the first chunk; a small file may claim to be enormous.
    const large = bytes.length < 24 || Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) > mostSide;
    return large ? `is broken, or larger than ${mostSide} pixels` : undefined;
  }
  if (head.startsWith('\xff\xd8\xff')) return undefined;
  if (!/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(head)) {
    return 'is no picture; give a PNG, JPEG or SVG file';
  }
  // An SVG is a program for drawing: only its shapes are wanted.
  return /<!doctype|<!entity|<script|<foreignobject|<image|\bon\w+\s*=|href\s*=\s*["'](?!#)|url\(\s*["']?(?!#)/i.test(bytes.toString())
    ? 'is an SVG that holds more than shapes (script, entities, or something from outside)'
    : undefined;
}

async function drawAnew(bytes: Buffer): Promise<string> {
  const { createCanvas, loadImage } = await import('canvas');
  const image = await loadImage(bytes);
  const scale = Math.min(box.width / image.width, box.height / image.height);
  if (!(scale > 0) || !Number.isFinite(scale)) throw new RangeError('a picture without a size');
  const [width, height] = [Math.max(Math.round(image.width * scale), 1), Math.max(Math.round(image.height * scale), 1)];
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').drawImage(image, 0, 0, width, height);
  return canvas.toDataURL('image/png');
}
