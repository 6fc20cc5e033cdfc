import type { DrawnText } from './svg.ts';

/**
 * The part of a canvas's drawing context that Chart.js and our marks use, written down as SVG. A canvas's own SVG has circles of
 * sixty-four curves and a clip around every bar, is three times as long, and loses all letters outside the first font.
 */
export interface Pencil {
  /** What a chart is drawn on. */
  canvas: { width: number; height: number; style: object; getContext(): Pencil; toBuffer(): Buffer };
  /** The texts, kept apart. */
  texts: DrawnText[];
}

/** How wide a text is in a font, as a canvas measures it. */
export type Measure = (text: string, font: string) => { width: number };

interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  font: string;
  textAlign: string;
  textBaseline: string;
  /** Where the origin stands. Nothing here is turned or scaled. */
  e: number;
  f: number;
  /** Nothing is drawn beyond it. */
  within: Box | undefined;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function takePencil(size: { width: number; height: number }, measure: Measure): Pencil {
  const pencil = new SvgPencil(measure);
  pencil.canvas = {
    ...size,
    style: {},
    getContext: () => pencil,
    toBuffer: () => Buffer.from(`<svg>${pencil.drawn}</svg>`),
  };
  return pencil;
}

class SvgPencil implements State {
  fillStyle = '#000000';
  strokeStyle = '#000000';
  lineWidth = 1;
  lineCap = 'butt';
  lineJoin = 'miter';
  font = '10px sans-serif';
  textAlign = 'start';
  textBaseline = 'alphabetic';
  e = 0;
  f = 0;
  within: Box | undefined;
  canvas!: Pencil['canvas']; // given by whoever takes the pencil: the two know each other
  drawn = '';
  readonly texts: DrawnText[] = [];
  readonly #measure: Measure;
  readonly #kept: State[] = [];
  readonly #clips = new Map<string, string>();
  #path = '';
  /** Where the path has been. */
  #box: Box = nowhere;

  constructor(measure: Measure) {
    this.#measure = measure;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineCap, lineJoin, font, textAlign, textBaseline, e, f, within } = this;
    this.#kept.push({ fillStyle, strokeStyle, lineWidth, lineCap, lineJoin, font, textAlign, textBaseline, e, f, within });
  }
  restore(): void {
    Object.assign(this, this.#kept.pop());
  }
  translate(x: number, y: number): void {
    this.e += x;
    this.f += y;
  }
  rotate(angle: number): void {
    if (angle !== 0) throw new Error('nothing in a chart is turned');
  }
  resetTransform(): void {
    this.e = 0;
    this.f = 0;
  }
  setTransform(): void {
    this.resetTransform();
  }

  beginPath(): void {
    this.#path = '';
    this.#box = nowhere;
  }
  moveTo(x: number, y: number): void {
    this.#path += `M${this.#point(x, y)}`;
  }
  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${this.#point(x, y)}`;
  }
  closePath(): void {
    if (this.#path !== '') this.#path += 'Z';
  }
  rect(x: number, y: number, width: number, height: number): void {
    const from = this.#point(x, y);
    this.#point(x + width, y + height);
    this.#path += `M${from}H${round(x + width + this.e)}V${round(y + height + this.f)}H${round(x + this.e)}Z`;
  }
  arc(x: number, y: number, radius: number, from: number, to: number, back = false): void {
    const at = (angle: number) => this.#point(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    this.#path += `${this.#path === '' || this.#path.endsWith('Z') ? 'M' : 'L'}${at(from)}`;
    if (radius <= 0) return;
    const turn = back ? -1 : 1;
    const whole = Math.min(Math.abs(to - from), Math.PI * 2);
    // An arc of SVG that ends where it begins is none; halves have no doubt about their side either.
    for (const part of [0.5, 1]) this.#path += `A${round(radius)} ${round(radius)} 0 0 ${back ? 0 : 1} ${at(from + turn * whole * part)}`;
    this.#reach(x - radius, y - radius);
    this.#reach(x + radius, y + radius);
  }
  clip(): void {
    this.within = this.within === undefined ? this.#box : overlap(this.within, this.#box);
  }

  fill(rule?: string): void {
    this.#draw(`<path ${painted('fill', this.fillStyle)} d="${this.#path}"${rule === 'evenodd' ? ' fill-rule="evenodd"' : ''}/>`, 0);
  }
  stroke(): void {
    const { strokeStyle, lineWidth, lineCap, lineJoin } = this;
    const ends = `${lineCap === 'butt' ? '' : ` stroke-linecap="${lineCap}"`}${lineJoin === 'miter' ? ' stroke-miterlimit="10"' : ` stroke-linejoin="${lineJoin}"`}`;
    this.#draw(`<path fill="none" ${painted('stroke', strokeStyle)} stroke-width="${lineWidth}"${ends} d="${this.#path}"/>`, lineWidth);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }
  clearRect(): void {}
  // A dash is the stylesheet's, by the class of the line.
  setLineDash(): void {}
  strokeText(): void {}

  measureText(text: string): { width: number } {
    return this.#measure(text, this.font);
  }
  fillText(text: string, x: number, y: number): void {
    if (text === '') return;
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1]);
    const shift = (baselines[this.textBaseline] ?? 0) * size;
    const bold = /bold|\b[67]00\b/.test(this.font);
    const anchor = anchors[this.textAlign] ?? 'start';
    this.texts.push({ text, x: x + this.e, y: y + this.f + shift, size, bold, anchor, colour: this.fillStyle });
  }

  #point(x: number, y: number): string {
    this.#reach(x, y);
    return `${round(x + this.e)} ${round(y + this.f)}`;
  }
  #reach(x: number, y: number): void {
    const { left, top, right, bottom } = this.#box;
    const [across, down] = [x + this.e, y + this.f];
    this.#box = { left: Math.min(left, across), top: Math.min(top, down), right: Math.max(right, across), bottom: Math.max(bottom, down) };
  }

  /** What does not reach over its clip needs none; `width` is that of a line, which is half as wide to each side, and at corners more. */
  #draw(shape: string, width: number): void {
    if (this.#path === '') return;
    const { within: clip } = this;
    const { left, top, right, bottom } = this.#box;
    const over =
      clip !== undefined &&
      (left - width < clip.left || top - width < clip.top || right + width > clip.right || bottom + width > clip.bottom);
    const drawn = over ? `<g clip-path="url(#${this.#clipOf(clip)})">${shape}</g>` : shape;
    this.drawn += drawn; // not in one: a clip is written down where it is first needed
  }
  #clipOf({ left, top, right, bottom }: Box): string {
    const shape = `<rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}"/>`;
    const known = this.#clips.get(shape);
    if (known !== undefined) return known;
    const name = `cl_${this.#clips.size}`;
    this.#clips.set(shape, name);
    this.drawn += `<clipPath id="${name}">${shape}</clipPath>`;
    return name;
  }
}

const nowhere: Box = {
  left: Number.POSITIVE_INFINITY,
  top: Number.POSITIVE_INFINITY,
  right: Number.NEGATIVE_INFINITY,
  bottom: Number.NEGATIVE_INFINITY,
};

function overlap(one: Box, other: Box): Box {
  const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
  return { left, top, right: Math.max(Math.min(one.right, other.right), left), bottom: Math.max(Math.min(one.bottom, other.bottom), top) };
}

/** #rrggbbaa as a colour and how much of it. */
function painted(property: 'fill' | 'stroke', colour: string): string {
  if (!/^#[\da-f]{8}$/i.test(colour)) return `${property}="${colour}"`;
  return `${property}="${colour.slice(0, 7)}" ${property}-opacity="${round(Number.parseInt(colour.slice(7), 16) / 255)}"`;
}

const anchors: Record<string, DrawnText['anchor']> = { center: 'middle', right: 'end', end: 'end' };
/** From a baseline of the canvas to SVG's alphabetic one, in parts of the font size. */
const baselines: Record<string, number> = { middle: 0.35, top: 0.9, hanging: 0.9, bottom: -0.2 };

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
