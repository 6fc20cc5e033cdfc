import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import type { Asked } from '../../src/demo/server.ts';
import { loadVendor, vendorNames } from '../../src/vendors/index.ts';
import type { World } from '../worlds/world.ts';
import { type Description, problemsOf } from './described.ts';
import { noData, recorded } from './recorded.ts';
import * as s from './scenario.ts';

interface Described {
  /** Below shared/specs; several are read as one. */
  files: string[];
  /** Path as the description has it; undefined: nothing there describes it. */
  path?: (path: string) => string | undefined;
  /** What goes against the description, and why we do it all the same. */
  known?: readonly (readonly [problem: RegExp, why: string])[];
  /** Which of its models is the body of a request, where the description does not say. */
  bodies?: Readonly<Record<string, string>>;
}

const descriptions: Readonly<Record<string, Described>> = {
  'cortex-xsoar': { files: ['cortex-xsoar/xsoar-server_api_swagger.json'] },
  // Without the bodies of requests but for the models that are named for them.
  crowdstrike: {
    files: ['alerts', 'cases', 'oauth2'].map((name) => `crowdstrike/${name}.derived-spec.json`),
    bodies: {
      '/alerts/combined/alerts/v1': 'DetectsapiPostCombinedAlertsV1RequestSwagger',
      '/cases/entities/cases/v2': 'OperationsGetCasesByIDsRequest',
    },
  },
  // Of Elasticsearch; Kibana, which has the cases, describes its API elsewhere.
  elastic: {
    path: (path) => (path.startsWith('/api/cases/') ? undefined : path),
    files: ['elastic/elasticsearch-serverless-openapi.search-pit-subset.json'],
    known: [
      [/^body\.fields\.\d+ is no object$/, 'a field may be written as its name alone, which the description leaves out'],
      [/^body\.sort fits none/, 'any field may be sorted by, and the description names only those with an underscore'],
    ],
  },
  // By somebody of the community, with misspelt paths, and without the token server of the cloud.
  extrahop: {
    files: ['extrahop/slacker775-open-api.yaml'],
    path: (path) => (path.startsWith('/api/') ? path.replace('/api/', '/ap1/') : undefined),
    known: [
      [/^body knows no mod_time$/, "of an older version than mod_time, which the vendor's own connector asks for"],
      [/^body\.filter knows no categories$/, 'of an older version, with one category'],
      [/^body\.sort is no object$/, "the vendor's own connector sends a list"],
    ],
  },
  jira: { files: ['jira/swagger-v3.v3.json'] },
  qradar: { files: ['qradar/openapi-26.0-thirdparty-generated.yaml'], path: (path) => path.replace(/^\/api/, '') },
  sentinelone: { files: ['sentinelone/swagger-2.1.cut.json'] },
  thehive: {
    files: ['thehive/thehive5-openapi-docs.yaml'],
    known: [
      [/^body\.query\.1 fits none .* _and$/, 'its models know only _eq in a filter, its text beside them has all'],
      [/^body\.query\.3 fits none .* extraData$/, 'its text has extraData, its models have not'],
    ],
  },
};

for (const [name, described] of Object.entries(descriptions)) {
  test(`${name}: what it asks is in the description of its API`, async (t) => {
    const description = read(described);
    if (description === undefined) return t.skip(noData(described.files[0] ?? ''));
    const asked = await requestsOf(name);
    const problems = new Set<string>();
    let judged = 0;
    for (const each of asked) {
      const path = described.path === undefined ? each.path : described.path(each.path);
      if (path === undefined) continue;
      judged++;
      for (const problem of problemsOf(description, { ...each, path })) problems.add(problem);
    }
    t.diagnostic(`${name}: ${judged} of ${asked.length} requests judged`);
    const known = described.known ?? [];
    assert.deepEqual(
      [...problems].filter((problem) => !known.some(([pattern]) => pattern.test(problem))),
      [],
    );
    for (const [pattern, why] of known) {
      assert.ok(
        [...problems].some((problem) => pattern.test(problem)),
        `no longer so: ${pattern}`,
      );
      t.diagnostic(`${name}: ${why}`);
    }
    assert.ok(judged > 0);
  });
}

function read({ files, bodies = {} }: Described): Description | undefined {
  const texts = files.flatMap((file) => recorded(file) ?? []);
  if (texts.length < files.length) return undefined;
  const whole: Description & { definitions: object } = { paths: {}, definitions: {} };
  for (const [index, text] of texts.entries()) {
    const part = files[index]?.endsWith('.json') === true ? JSON.parse(text) : parse(text, { maxAliasCount: -1 });
    const { paths, definitions } = whole;
    Object.assign(whole, part, { paths: { ...paths, ...pathsOf(part.paths) }, definitions: { ...definitions, ...part.definitions } });
  }
  for (const [path, model] of Object.entries(bodies)) {
    const post = whole.paths[path]?.post ?? assert.fail(path);
    post.parameters = [{ name: 'body', in: 'body', schema: { $ref: `#/definitions/${model}` } }];
  }
  return whole;
}

/** Some were cut out as a list of operations. */
function pathsOf(paths: Description['paths'] | { path: string; method: string }[]): Description['paths'] {
  if (!Array.isArray(paths)) return paths;
  const found: Record<string, Record<string, object>> = {};
  for (const { path, method, ...operation } of paths) found[path] = { ...found[path], [method.toLowerCase()]: operation };
  return found;
}

/** Everything a check and both kinds of collection ask of the scripted product. */
async function requestsOf(name: string): Promise<Asked[]> {
  const { default: world }: { default: World } = await import(`../worlds/${name}.ts`);
  const put = { world, vendor: await loadVendor(name) };
  return s.inWorld(put, s.items(35), {}, async (running) => {
    for (const window of [s.created, s.changed]) s.assertComplete(await s.collect(put, running, window));
    return [...running.requests];
  });
}

/** Resource Manager's description of one operation: its parameters by the names they have in a query. */
interface Listing {
  httpMethod: string;
  uriSuffix: string;
  options: { queryString: string; optionsObjectDefinition: { type: string } }[];
}

test('sentinel: what it asks for incidents is in the description of its version', async (t) => {
  const folder = 'sentinel/pandora/2025-09-01';
  const [list, workspace] = [recorded(`${folder}/Operation-List.json`), recorded(`${folder}/ResourceId-WorkspaceId.json`)];
  if (list === undefined || workspace === undefined) return t.skip(noData(folder));
  const { httpMethod, uriSuffix, options }: Listing = JSON.parse(list);
  const parameters = options.map((each) => ({
    name: each.queryString,
    in: 'query',
    type: each.optionsObjectDefinition.type.toLowerCase(),
  }));
  const version = { name: 'api-version', in: 'query', enum: ['2025-09-01'] };
  const paths = { [`${JSON.parse(workspace).id}${uriSuffix}`]: { [httpMethod.toLowerCase()]: { parameters: [...parameters, version] } } };
  const asked = (await requestsOf('sentinel')).filter(({ path }) => path.endsWith('/incidents'));
  t.diagnostic(`sentinel: ${asked.length} requests for incidents judged; alert rules, log queries and tokens are described nowhere here`);
  assert.deepEqual([...new Set(asked.flatMap((each) => problemsOf({ paths }, each)))], []);
  assert.ok(asked.length > 0);
});

test("defender: every property it filters or sorts by is one of the metadata's", async (t) => {
  const text = recorded('microsoft-defender/graph-v1.0-security.csdl.xml');
  if (text === undefined) return t.skip(noData('microsoft-defender'));
  const inside = (type: string) => new RegExp(`<EntityType Name="${type}"[^]*?</EntityType>`).exec(text)?.[0] ?? assert.fail(type);
  const properties = (type: string) => new Set([...inside(type).matchAll(/<Property Name="([^"]+)"/g)].map(([, name]) => name));
  const types: Readonly<Record<string, string>> = { alerts_v2: 'alert', incidents: 'incident' };
  let judged = 0;
  for (const { path, query } of await requestsOf('defender')) {
    const type = types[path.split('/').at(-1) ?? ''];
    if (type === undefined) continue;
    const words = `${query.get('$filter') ?? ''} and ${query.get('$orderby') ?? ''}`
      .split(/ and | or /)
      .map((part) => part.trim().split(' ')[0] ?? '');
    judged++;
    for (const word of words.filter((each) => each !== '')) assert.ok(properties(type).has(word), `${type} has no ${word}`);
    assert.ok(
      [...query.keys()].every((name) => /^\$(filter|orderby|top|count|expand|select|skip|skiptoken)$/.test(name)),
      `${query}`,
    );
  }
  t.diagnostic(`defender: ${judged} requests judged by the names of properties; paths are not in these metadata`);
  assert.ok(judged > 0);
});

const elsewhere = ['sentinel', 'defender'];

test('which vendors have no description here', (t: TestContext) => {
  const without = vendorNames.filter((name) => !(name in descriptions) && !elsewhere.includes(name));
  t.diagnostic(`no description here: ${without.join(', ')}`);
  assert.deepEqual(without, [
    ...['carbon-black', 'cortex-xdr', 'darktrace', 'file', 'google-secops', 'servicenow', 'sophos', 'splunk', 'suricata'],
    ...['trend-vision-one', 'vectra', 'wazuh', 'zeek'],
  ]);
});
