import type { Asked } from '../../src/demo/server.ts';

/** The part of OpenAPI 2 and 3 by which a request can be judged. */
interface Shape {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  items?: Shape;
  properties?: Record<string, Shape>;
  additionalProperties?: unknown;
  required?: string[];
  allOf?: Shape[];
  oneOf?: Shape[];
  anyOf?: Shape[];
}
interface Parameter extends Shape {
  name: string;
  in: string;
  /** OpenAPI 3 has the shape here, 2 in the parameter itself. */
  schema?: Shape;
}
interface Operation {
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { $ref?: string; content?: Record<string, { schema?: Shape }> };
}
export interface Description {
  basePath?: string;
  paths: Record<string, Record<string, Operation> & { parameters?: Operation['parameters'] }>;
}

/** What in a request is not as the description says; none: nothing. */
export function problemsOf(description: Description, asked: Asked): string[] {
  const path = asked.path.startsWith(description.basePath ?? '') ? asked.path.slice((description.basePath ?? '').length) : asked.path;
  const named = templateOf(description, path);
  if (named === undefined) return [`there is no path ${path}`];
  const described = description.paths[named];
  const operation = described?.[asked.method.toLowerCase()];
  if (described === undefined || operation === undefined) return [`${path} knows no ${asked.method}`];
  const look = (shape: Shape): Shape => resolved(shape, description);
  const parameters = [...(described.parameters ?? []), ...(operation.parameters ?? [])].map(
    (each) => Object.assign(look(each)) as Parameter,
  ); // what a parameter's $ref leads to
  return [...queryProblems(asked, parameters, look), ...bodyProblems(asked, operation, parameters, look)];
}

/** The template that fits, the one with the fewest holes. */
function templateOf({ paths }: Description, path: string): string | undefined {
  const fits = (template: string) =>
    new RegExp(
      `^${template
        .split(/\{[^}]*\}/)
        .map(RegExp.escape)
        .join('[^/]+')}$`,
    ).test(path);
  return Object.keys(paths)
    .filter(fits)
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

function resolved(shape: Shape, description: Description): Shape {
  if (shape.$ref === undefined) return shape;
  const keys = shape.$ref
    .replace(/^#\//, '')
    .split('/')
    .map((key) => key.replaceAll('~1', '/'));
  const found = keys.reduce<unknown>((here, key) => Object(here)[key], description);
  return resolved(Object(found), description);
}

type Look = (shape: Shape) => Shape;

function queryProblems({ query, path }: Asked, parameters: Parameter[], look: Look): string[] {
  const known = new Map(parameters.filter((each) => each.in === 'query').map((each) => [each.name, look(each.schema ?? each)]));
  return [...query].flatMap(([name, value]) => {
    const shape = known.get(name);
    return shape === undefined ? [`${path} knows no parameter ${name}`] : textProblems(shape, value, name, look);
  });
}

/** A value of a query is a text, whatever it stands for. */
function textProblems(shape: Shape, text: string, at: string, look: Look): string[] {
  if (shape.type === 'array') return text.split(',').flatMap((part) => textProblems(look(shape.items ?? {}), part, at, look));
  if (shape.type === 'integer' || shape.type === 'number') return valueProblems(shape, Number(text), at, look);
  if (shape.type === 'boolean') return ['true', 'false'].includes(text) ? [] : [`${at} may not be ${text}`];
  return valueProblems(shape, text, at, look);
}

function bodyProblems({ body, headers, path }: Asked, operation: Operation, parameters: Parameter[], look: Look): string[] {
  if (body === '') return [];
  const content = Object.assign(look((operation.requestBody ?? {}) as Shape)).content as Record<string, { schema?: Shape }> | undefined; // a request body has one
  if (headers['content-type']?.includes('urlencoded') === true) {
    const described = Object.entries(content ?? {}).find(([type]) => type.includes('urlencoded'))?.[1].schema;
    const fields = Object.keys(described === undefined ? {} : (look(described).properties ?? {}));
    const known = [...fields, ...parameters.filter((each) => each.in === 'formData').map(({ name }) => name)];
    return [...new URLSearchParams(body).keys()].filter((name) => !known.includes(name)).map((name) => `${path} knows no field ${name}`);
  }
  const shape = Object.values(content ?? {})[0]?.schema ?? parameters.find((each) => each.in === 'body')?.schema;
  if (shape === undefined) return parameters.some((each) => each.in === 'body') ? [] : [`${path} takes no body`];
  return valueProblems(shape, JSON.parse(body), 'body', look);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function valueProblems(given: Shape, value: unknown, at: string, look: Look): string[] {
  const shape = merged(given, look);
  for (const branches of [shape.oneOf, shape.anyOf]) {
    if (branches === undefined) continue;
    const tried = branches.map((branch) => valueProblems(beside(shape, merged(branch, look)), value, at, look));
    const [nearest = []] = tried.sort((a, b) => a.length - b.length);
    return nearest.length === 0 ? [] : [`${at} fits none of ${branches.length}: ${nearest[0]}`];
  }
  if (shape.enum !== undefined && !shape.enum.includes(value)) return [`${at} may not be ${JSON.stringify(value)}`];
  const types = [shape.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${at} is no ${types.join(' or ')}`];
  if (typeof value === 'number') {
    if (value > (shape.maximum ?? value) || value < (shape.minimum ?? value)) return [`${at} may not be ${value}`];
  }
  if (Array.isArray(value)) return value.flatMap((each, index) => valueProblems(shape.items ?? {}, each, `${at}.${index}`, look));
  return isObject(value) ? objectProblems(shape, value, at, look) : [];
}

function objectProblems(shape: Shape, value: Record<string, unknown>, at: string, look: Look): string[] {
  const missing = (shape.required ?? []).filter((key) => value[key] === undefined).map((key) => `${at} lacks ${key}`);
  if (shape.properties === undefined && shape.additionalProperties === undefined) return missing;
  const others = isObject(shape.additionalProperties) ? (shape.additionalProperties as Shape) : undefined; // a schema where it is no boolean
  const problems = Object.entries(value).flatMap(([key, inner]) => {
    const known = shape.properties?.[key] ?? others;
    if (known !== undefined) return valueProblems(known, inner, `${at}.${key}`, look);
    return shape.additionalProperties === true ? [] : [`${at} knows no ${key}`];
  });
  return [...missing, ...problems];
}

/** What the parts of allOf say together. */
function merged(given: Shape, look: Look): Shape {
  const { allOf = [], ...own } = look(given);
  const sum: Shape = { ...own };
  for (const part of allOf) {
    const each = merged(part, look);
    const properties = { ...each.properties, ...sum.properties };
    const required = [...(sum.required ?? []), ...(each.required ?? [])];
    Object.assign(
      sum,
      { ...each, ...sum },
      { required },
      sum.properties === undefined && each.properties === undefined ? {} : { properties },
    );
  }
  return sum;
}

/** Properties beside a oneOf hold for each of its branches. */
function beside({ properties }: Shape, branch: Shape): Shape {
  return properties === undefined ? branch : { ...branch, properties: { ...properties, ...branch.properties } };
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  return typeof value === type;
}
