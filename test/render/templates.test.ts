import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../templates');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.njk'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

const attribute = /\s[\w-]+=(?!")\S/;

/** Mail has its styles at its elements: constants that the template sets itself, a checked colour, and measures of pictures. */
const ownStyle =
  /^(?:[^{}"]|\{\{ (?:style|font|body|small|line|start|colour|figure\.spark\.(?:width|height)) \}\}|\{% (?:if|elif) tlp == '[a-z]+' %\}|\{% (?:else|endif) %\})*$/;

/** A picture that the mail brings along, and the edition's own page on the site of the configuration. */
const mailLinks = /\s(?:src="cid:\{\{ figure\.spark\.cid \}\}"|href="\{\{ link \}\}")/g;

/** The template says it of itself. */
function isMail(template: string): boolean {
  return template.startsWith('{# Styles stand at their elements');
}

function withoutOwnStyles(template: string): string {
  if (!isMail(template)) return template;
  return template.replace(/\sstyle="([^"]*)"/g, (all: string, style: string) => (ownStyle.test(style) ? '' : all));
}

/** What a template may not do, whoever writes it. Returns the rule that is broken. */
function fault(template: string): string | undefined {
  if (/\|\s*safe\b|autoescape|renderString/.test(template)) return 'switches escaping off';
  if (/<script|javascript:|\son\w+\s*=/i.test(template)) return 'has script';
  if (/<style[^>]*>(?!(?:\{% include '[\w.]+' %\})+<\/style>)/.test(template)) return 'has style of its own';
  if (/\sstyle=/.test(withoutOwnStyles(template))) return 'has a style attribute';
  for (const [tag] of template.replace(/\{%.*?%\}/g, ' ').matchAll(/<[a-z][^<>]*>/g)) {
    if (attribute.test(tag.replace(/"[^"]*"/g, '""'))) return 'has an attribute without quotes';
    // A path that begins in the template with ./ stays on its own site, whatever follows.
    if (/\s(?:href|src|action)="(?!#|\.\/)/.test(isMail(template) ? tag.replace(mailLinks, '') : tag)) return 'links out of the page';
  }
  return undefined;
}

test('the templates keep the rules', () => {
  assert.ok(sources.length >= 5);
  for (const { name, text } of sources) assert.equal(fault(text), undefined, name);
});

test('each rule can fail', () => {
  const seeded = [
    '{{ x | safe }}',
    '{{ x|safe }}',
    '{% autoescape false %}',
    '<script>1</script>',
    '<a onclick="x">',
    '<style>{{ x }}</style>',
    '<p style="color:{{ x }}">',
    '{# Styles stand at their elements #}<p style="color:{{ title }}">',
    '{# Styles stand at their elements #}<img src="{{ figure.spark.cid }}">',
    '<td class={{ x }}>',
    '<a href="{{ url }}">',
    '<img src="{{ x }}">',
    '<form action="/x">',
    '<a href="javascript:1">',
  ];
  for (const template of seeded) assert.notEqual(fault(template), undefined, template);
});
