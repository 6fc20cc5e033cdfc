import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takePencil } from '../../src/render/pencil.ts';

/** What Chart.js draws with, as far as these tests do. */
interface Hand {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  font: string;
  textAlign: string;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  rotate(angle: number): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number, back?: boolean): void;
  clip(): void;
  fill(rule?: string): void;
  stroke(): void;
  fillText(text: string, x: number, y: number): void;
}

function drawn(work: (hand: Hand) => void): { svg: string; texts: unknown[] } {
  const pencil = takePencil({ width: 100, height: 50 }, (text) => ({ width: text.length * 6 }));
  work(pencil as unknown as Hand); // its type shows only what its own users need
  return { svg: pencil.canvas.toBuffer().toString(), texts: pencil.texts };
}

test('a bar within its clip needs none, and one that reaches over it gets one, which several share', () => {
  const { svg } = drawn((hand) => {
    hand.beginPath();
    hand.rect(10, 10, 50, 30);
    hand.clip();
    for (const x of [10, 40, 55]) {
      hand.beginPath();
      hand.rect(x, 20, 10, 5);
      hand.fill();
    }
    hand.beginPath();
    hand.moveTo(20, 10);
    hand.lineTo(30, 10);
    hand.stroke();
  });
  assert.equal((svg.match(/<clipPath id="cl_0"><rect x="10" y="10" width="50" height="30"\/><\/clipPath>/g) ?? []).length, 1);
  // The third bar ends at 65; half of the line stands above 10.
  assert.equal((svg.match(/<g clip-path="url\(#cl_0\)">/g) ?? []).length, 2);
  assert.ok(svg.indexOf('<clipPath') < svg.indexOf('<g clip-path'));
  assert.ok(svg.includes('d="M10 20H20V25H10Z"'));
});

test('a clip within a clip is what both leave, and ends with what was kept', () => {
  const { svg } = drawn((hand) => {
    hand.save();
    for (const x of [0, 20]) {
      hand.beginPath();
      hand.rect(x, 0, 30, 30);
      hand.clip();
    }
    hand.beginPath();
    hand.rect(0, 0, 90, 10);
    hand.fill();
    hand.restore();
    hand.fill();
  });
  assert.ok(svg.includes('<rect x="20" y="0" width="10" height="30"/>'));
  assert.ok(svg.endsWith('</g><path fill="#000000" d="M0 0H90V10H0Z"/></svg>'));
});

test('a circle is two halves, and half a circle goes round on its own side', () => {
  const circle = drawn((hand) => {
    hand.beginPath();
    hand.arc(20, 20, 5, 0, Math.PI * 2);
    hand.fill();
  });
  assert.ok(circle.svg.includes('d="M25 20A5 5 0 0 1 15 20A5 5 0 0 1 25 20"'));
  const back = drawn((hand) => {
    hand.beginPath();
    hand.arc(20, 20, 5, 0, Math.PI, true);
    hand.fill();
  });
  assert.ok(back.svg.includes('d="M25 20A5 5 0 0 0 20 15A5 5 0 0 0 15 20"'));
});

test('part of a colour is its opacity, and texts stand where the origin was moved to', () => {
  const { svg, texts } = drawn((hand) => {
    hand.translate(10, 5);
    hand.fillStyle = '#0A0B5C80';
    hand.beginPath();
    hand.rect(0, 0, 4, 4);
    hand.fill('evenodd');
    hand.font = 'bold 10px "Noto Sans"';
    hand.textAlign = 'right';
    hand.fillText('تم', 1, 2);
    assert.throws(() => hand.rotate(1), /turned/);
  });
  assert.ok(svg.includes('<path fill="#0A0B5C" fill-opacity="0.5" d="M10 5H14V9H10Z" fill-rule="evenodd"/>'));
  assert.deepEqual(texts, [{ text: 'تم', x: 11, y: 7, size: 10, bold: true, anchor: 'end', colour: '#0A0B5C80' }]);
});
