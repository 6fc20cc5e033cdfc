import type { Flaw } from './index.ts';

/** What is used here of a page's elements; the DOM's types are not loaded in a Node project. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Element {
  tagName: string;
  id: string;
  nodeType: number;
  textContent: string | null;
  parentElement: Element | null;
  childNodes: Iterable<Element>;
  scrollWidth: number;
  clientWidth: number;
  scrollHeight: number;
  clientHeight: number;
  getBoundingClientRect(): Box;
  getClientRects(): ArrayLike<Box>;
  closest(selector: string): Element | null;
}

declare const document: { body: Element; createRange(): { selectNodeContents(node: Element): void; getClientRects(): ArrayLike<Box> } };
declare function getComputedStyle(element: Element): Record<string, string>;

/**
 * Runs inside the browser, over a page laid out as wide as the paper's text: what is wider than that, text that is cut off,
 * and text that stands on other text. It sees a page not yet cut into pages. Self-contained, because it is sent as source.
 */
export function lookAtLayout(width: number): Flaw[] {
  const flaws: Flaw[] = [];
  const lines: (Box & { of: Element })[] = [];
  const most = 50;

  const nameOf = (element: Element): string => {
    const words = (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 60);
    const home = element.closest('[id]');
    return `${element.tagName.toLowerCase()}${home === null ? '' : ` in #${home.id}`}${words === '' ? '' : ` "${words}"`}`;
  };
  const tell = (element: Element, problem: string) => {
    if (flaws.length < most) flaws.push({ element: nameOf(element), problem });
  };
  const hides = (overflow: string | undefined) => overflow !== 'visible';
  // Text that ends in an ellipsis says that it is cut.
  const onPurpose = (style: Record<string, string>) => style.webkitLineClamp !== 'none';

  const isCut = (element: Element, style: Record<string, string>): boolean =>
    (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
    (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1);

  // A line's box is taller than its letters: neighbours overlap by that much without touching.
  const keep = (box: Box, of: Element) => {
    const slack = (box.bottom - box.top) * 0.22;
    if (box.right - box.left > 1) lines.push({ left: box.left, right: box.right, top: box.top + slack, bottom: box.bottom - slack, of });
  };

  const lookAtDrawing = (drawing: Element, frame: Box) => {
    for (const node of drawing.childNodes) {
      if (node.tagName === 'text') {
        const box = node.getBoundingClientRect();
        keep(box, node);
        if (box.left < frame.left - 1 || box.right > frame.right + 1) tell(node, 'is text cut off at the edge of its chart');
      } else if (node.nodeType === 1) lookAtDrawing(node, frame);
    }
  };

  const look = (element: Element, floor: number) => {
    for (const node of element.childNodes) {
      if (node.nodeType === 3 && (node.textContent ?? '').trim() !== '') {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of Array.from(range.getClientRects())) if (box.top < floor - 2) keep(box, element);
      }
      if (node.nodeType !== 1 || node.getClientRects().length === 0) continue;
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      if (style.clipPath !== 'none') continue; // for those who hear the page
      if (box.right > width + 1 || box.left < -1) {
        if (style.position !== 'absolute') tell(node, 'is wider than the page');
        continue;
      }
      if (node.tagName === 'svg') lookAtDrawing(node, box);
      else {
        const cut = isCut(node, style);
        if (cut && !onPurpose(style)) tell(node, 'is text cut off by its box');
        look(node, cut ? Math.min(floor, box.bottom) : floor);
      }
    }
  };

  look(document.body, Number.POSITIVE_INFINITY);
  lines.sort((a, b) => a.top - b.top);
  for (const [index, upper] of lines.entries()) {
    for (let next = index + 1; next < lines.length; next++) {
      const lower = lines[next];
      if (lower === undefined || lower.top >= upper.bottom - 1) break;
      if (lower.of === upper.of || lower.right - 1.5 <= upper.left || lower.left + 1.5 >= upper.right) continue;
      tell(lower.of, `is text that stands on other text, ${nameOf(upper.of)}`);
    }
  }
  return flaws;
}
