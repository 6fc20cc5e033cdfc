/** 600 texts as an attacker, a careless exporter or an unusual alphabet would put them into a title. Always the same. */

const breakouts = ['', '">', "'>", '-->', ']]>', '</style>', '</title>', '</svg>', '</bdi>', '</td></tr></table>', '</textarea>', '<!--'];
const bodies = [
  '<script>alert(1)</script>',
  '<img src=//evil.example/x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="//evil.example"></iframe>',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '<base href="//evil.example/">',
  '<link rel=stylesheet href=//evil.example/s.css>',
  '<form action=//evil.example><input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>x',
  '<style>@import "//evil.example";*{display:none}</style>',
  '<object data="//evil.example"></object>',
  '<math><mtext></p><a href=//evil.example>',
];
const markup = breakouts.flatMap((breakout) => bodies.map((body) => breakout + body));

const handlers = [
  'onmouseover=alert(1)',
  'style=position:fixed',
  'src=//evil.example',
  'href=javascript:alert(1)',
  'id=content',
  'class=hidden',
];
const attributes = ['" ', "' ", '` ', '"\t', '"/'].flatMap((quote) => handlers.map((handler) => `${quote}${handler} x=${quote}`));

const expressions = ['7*7', 'range.constructor("return process")()', 'self', 'include "/etc/passwd"', 'model', '__proto__.polluted=1'];
const fences = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
  ['${', '}'],
  ['<%=', '%>'],
  ['#{', '}'],
  ['[[', ']]'],
  ['{{{', '}}}'],
];
const templates = fences.flatMap(([open, close]) => expressions.map((expression) => `${open} ${expression} ${close}`));

const encodings = [
  '&lt;script&gt;',
  '&#60;script&#62;',
  '&#x3c;img',
  '&#0;',
  '&nbsp',
  '&amp;lt;',
  '%3Cscript%3E',
  '\\u003cscript\\u003e',
  '\\x3c',
  '+ADw-script+AD4-',
  '&NewLine;&Tab;',
  '&bogus;',
  '&',
  '<',
  '>',
  '"',
  "'",
  '`',
  '\\',
  '&#xD800;',
  '&#1114112;',
];

const between = (character: string) => [
  `invoice${character}gpj.exe`,
  `${character}start`,
  `end${character}`,
  `${character}${character}م${character}x`,
];
const bidi = [...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'].flatMap(between);
const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
const controls = [...codes(0, 0x1f), ...codes(0x7f, 0x9f)].map((character) => `a${character}b`);
const unseen = [
  ...'\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2028\u2029\u2060\u2064\u206a\u3164\ufe0f\ufeff\uffa0\ufff9\u{1d173}\u{e0001}\u{e0041}\u{e0100}',
].map((character) => `pay${character}pal ${character}`);
const unpaired = [
  '\ud800',
  '\udc00',
  '\udfff\ud800',
  'x\ud83d',
  '\ude00y',
  '\ufffe',
  '\uffff',
  '\ufdd0',
  '\u{1fffe}',
  '\u{10ffff}',
  '\ue000',
  '\u{f0000}',
  '\u{100000}',
  '\u0378',
  '\ufffd',
];

const emoji = ['😀', '👩‍👩‍👧‍👦', '👍🏿', '🇩🇪🇯🇵', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️‍🔥', '🦠'.repeat(40), '☠︎', '🧑🏽‍💻 signed in', '©️®️™️', '🫠🪿🩷'];
const alphabets = [
  'تسجيل دخول مشبوه (VPN) 123',
  'שלום <b>',
  'ログイン失敗',
  '登录失败多次',
  '로그인 실패',
  'Попытка входа',
  'Ύποπτη σύνδεση',
  'लॉगिन विफल',
  'การเข้าสู่ระบบล้มเหลว',
  'Đăng nhập',
  'ǆ İı ſ ß',
  'ﷺ',
  '𝕏𝖘𝓼',
  'nøn-bréaking\u00a0space',
  'ሰላም',
  'ජයවේවා',
  'მოგესალმებით',
  'Բարեւ',
];
const stacked = [3, 10, 60].map((height) => `z${'\u0300\u0316\u0489'.repeat(height)}algo`);

const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '=HYPERLINK("//evil.example","x")',
  "=cmd|' /C calc'!A0",
  '"=1"',
  ';=1',
  '%0A=1',
];
const addresses = [
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example',
  'https://evil.example/?q=1',
  'mailto:a@evil.example',
  'jAvAsCrIpT:1',
  'url(//evil.example)',
  '@import"//evil.example"',
  '/*',
  '*/',
  'expression(alert(1))',
  '}body{display:none',
  '../../etc/passwd',
  '$(id)',
  '`id`',
  '; rm -rf /',
  '%s%n%x',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  'null',
  'undefined',
  '-0',
  '1e999',
  '2026-13-45',
  '#content',
  '[[Prototype]]',
];
const long = ['x', 'word ', 'م', '漢', '😀', '<', '&', '"', '\n', '\t ', '\u0301', '\u202e', '{{', 'a-', '\0'].map((piece) =>
  piece.repeat(10_000 / piece.length),
);

const singles = [
  markup,
  attributes,
  templates,
  encodings,
  bidi,
  controls,
  unseen,
  unpaired,
  emoji,
  alphabets,
  stacked,
  formulas,
  addresses,
  long,
].flat();

/** Those that would do the most harm where something is escaped wrongly. */
export const worst: readonly string[] = [...bodies, ...markup.slice(12, 36), ...attributes.slice(0, 8), ...addresses.slice(0, 6)];

/** Two of them, one after the other, until there are 600. */
export const hostileTexts: readonly string[] = [
  ...singles,
  ...Array.from(
    { length: Math.max(600 - singles.length, 0) },
    (_, index) => `${singles[(index * 37) % 400]} ${singles[(index * 53 + 7) % 400]}`,
  ),
];
