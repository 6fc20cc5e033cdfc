/** What a recorded answer beside this project comes to. */
export interface Counts {
  records: number;
  findings: number;
  /** Records of an id that another one of the same file has too. */
  duplicates?: number;
  rejected?: number;
  /** Findings with a word for severity or status that the vendor file does not know. */
  unknown?: number;
}

export interface Recording {
  vendor: string;
  /** Below shared/specs. */
  file: string;
  /** Keys to the records: "reply.incidents.*" is each of a list, "json" what a text holds, '' the whole file, "lines" one JSON a line. */
  at: string;
  /** What the vendor's pages make of a record; itself when absent. */
  wrap?: (record: Record<string, unknown>, index: number) => unknown;
  /** Counted by another program over the same files and by eye, never copied from what this one gave. */
  expected: Counts;
  /** Why not every record is a finding of its own. */
  because?: string;
}

const under = (key: string) => (record: unknown) => ({ [key]: record });
const reviewed = (notable: unknown) => ({ notable, reviews: [] });
/** The samples leave their times open. */
const asSource = (record: unknown, index: number) => ({
  _id: String(index),
  _source: JSON.parse(JSON.stringify(record).replaceAll('{timestamp}', '2026-10-02T10:23:45.123+0200')),
});
const asHit = (document: Record<string, unknown>) => ({ _id: document['kibana.alert.uuid'], fields: flat(document, '') });
/** As its reader hands them on. */
const asNotice = (record: Record<string, unknown>) => ({ ...record, ts: Date.parse(String(record.ts)) });

/** What the fields option of a search makes of a document: every leaf a list under its full name. */
export function flat(value: unknown, path: string, into: Record<string, unknown[]> = {}): Record<string, unknown[]> {
  if (Array.isArray(value)) for (const each of value) flat(each, path, into);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) flat(inner, path === '' ? key : `${path}.${key}`, into);
  else into[path] = [...(into[path] ?? []), value];
  return into;
}

// biome-ignore format: a table, one recording a line.
export const recordings: readonly Recording[] = [
  { vendor: 'carbon-black', file: 'carbon-black-cloud/sdk-mock-alerts-v7.json', at: 'alerts', expected: { records: 9, findings: 7, duplicates: 2 }, because: 'two alerts were recorded twice' },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/recorded/elastic-mock-get_incidents.response.json', at: 'reply.incidents.*', expected: { records: 1, findings: 1 } },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/recorded/demisto-get_incidents_list.json', at: 'reply.incidents.*', expected: { records: 2, findings: 2 } },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/recorded/demisto-resolved_incident.incident-level.json', at: '', expected: { records: 1, findings: 0, rejected: 1 }, because: 'it was recorded in part, without its creation' },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/rapid7-get_incidents.json', at: 'reply.incidents.*', expected: { records: 1, findings: 1 } },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/ebarti-fixtures.json', at: 'fixtures.get_incidents_response.json.reply.incidents.*', expected: { records: 1, findings: 0, rejected: 1 }, because: 'its id is masked: "<incident ID>"' },
  { vendor: 'cortex-xdr', file: 'cortex-xdr/ebarti-fixtures.json', at: 'fixtures.get_incident_extra_data_response.json.reply.incident', expected: { records: 1, findings: 0, rejected: 1 }, because: 'its id is masked: "<incident ID>"' },
  { vendor: 'darktrace', file: 'darktrace/rapid7-pull_alerts.json', at: '', wrap: under('breach'), expected: { records: 1, findings: 1 } },
  { vendor: 'defender', file: 'microsoft-defender/graph-docs-alert-sample.json', at: 'value.*', wrap: under('alert'), expected: { records: 1, findings: 1 } },
  { vendor: 'defender', file: 'microsoft-defender/graph-docs-incident-sample.json', at: 'value.*', wrap: under('incident'), expected: { records: 1, findings: 1 } },
  { vendor: 'defender', file: 'microsoft-defender/tenzir/defender-alerts.ndjson', at: 'lines', wrap: under('alert'), expected: { records: 1, findings: 1 } },
  { vendor: 'defender', file: 'microsoft-defender/tenzir/defender-incidents.ndjson', at: 'lines', wrap: under('incident'), expected: { records: 2, findings: 2 } },
  { vendor: 'elastic', file: 'elastic/ecs-rfc0031-example-alert.json', at: '', wrap: asHit, expected: { records: 1, findings: 1 } },
  { vendor: 'elastic', file: 'elastic/kibana-find_case_response.example.json', at: 'cases.*', wrap: under('case'), expected: { records: 1, findings: 1 } },
  { vendor: 'google-secops', file: 'google-secops/recorded/elastic-test-alert-v2.partial.log', at: 'lines', wrap: under('detection'), expected: { records: 2, findings: 2 } },
  { vendor: 'jira', file: 'jira/recorded/faros-issues.json', at: '*', expected: { records: 4, findings: 3, duplicates: 1 }, because: 'one issue was recorded at two times' },
  { vendor: 'qradar', file: 'qradar/recorded/demisto-offenses_list.response.json', at: '*', expected: { records: 2, findings: 2 } },
  { vendor: 'qradar', file: 'qradar/recorded/rapid7-helpmd-04.json', at: 'data.*', expected: { records: 2, findings: 2 } },
  { vendor: 'qradar', file: 'qradar/recorded/rapid7-helpmd-05.json', at: 'data', expected: { records: 1, findings: 1 } },
  { vendor: 'sentinel', file: 'sentinel/recorded/azure-rest-api-specs-GetIncidents.example.json', at: 'responses.200.body.value.*', wrap: under('incident'), expected: { records: 1, findings: 1 } },
  { vendor: 'sentinel', file: 'sentinel/recorded/rapid7-example_incident.json', at: '', wrap: under('incident'), expected: { records: 1, findings: 1 } },
  { vendor: 'servicenow', file: 'servicenow/rapid7/search_security_incident_all.json.resp', at: 'result.*', expected: { records: 3, findings: 3 } },
  { vendor: 'servicenow', file: 'servicenow/rapid7/search_security_incident_query.json.resp', at: 'result.*', expected: { records: 2, findings: 2 } },
  { vendor: 'servicenow', file: 'servicenow/rapid7/search_security_incident_limit_offset.json.resp', at: 'result.*', expected: { records: 1, findings: 1 } },
  { vendor: 'servicenow', file: 'servicenow/rapid7/search_security_incident_empty_list.json.resp', at: 'result.*', expected: { records: 0, findings: 0 } },
  { vendor: 'servicenow', file: 'servicenow/rapid7/search_security_incident_fields.json.resp', at: 'result.*', expected: { records: 3, findings: 0, rejected: 3 }, because: 'somebody asked for three fields only' },
  { vendor: 'servicenow', file: 'servicenow/rapid7/get_security_incident_success.json.resp', at: 'result', expected: { records: 1, findings: 1 } },
  { vendor: 'splunk', file: 'splunk/recorded/demisto-test_notable_event.json', at: '', wrap: reviewed, expected: { records: 1, findings: 1 } },
  { vendor: 'splunk', file: 'splunk/recorded/demisto-response_two_events.first.json', at: '', wrap: reviewed, expected: { records: 1, findings: 0, rejected: 1 }, because: 'it has no event_id, which only the macro adds' },
  { vendor: 'suricata', file: 'suricata-eve/samples/tenzir-alert.ndjson', at: 'lines', expected: { records: 5, findings: 5 } },
  { vendor: 'thehive', file: 'thehive/recorded/doc-about-audit-logs-01.json', at: 'object', expected: { records: 1, findings: 1 } },
  { vendor: 'thehive', file: 'thehive/recorded/doc-about-audit-logs-02.json', at: 'object', expected: { records: 1, findings: 1 } },
  { vendor: 'thehive', file: 'thehive/recorded/doc-write-filtered-event-trigger-03.json', at: 'object.case', expected: { records: 1, findings: 1 } },
  { vendor: 'trend-vision-one', file: 'trend-vision-one/wiremock/v3__workbench__alert__get_alert_list_200.json', at: 'response.jsonBody.items.*', expected: { records: 2, findings: 2 } },
  { vendor: 'trend-vision-one', file: 'trend-vision-one/wiremock/v3__workbench__alert__get_alert_list_200_next_link.json', at: 'response.jsonBody.items.*', expected: { records: 10, findings: 10 } },
  { vendor: 'trend-vision-one', file: 'trend-vision-one/wiremock/v3__workbench__alert__get_alert_list_200_skip_token.json', at: 'response.jsonBody.items.*', expected: { records: 1, findings: 1 } },
  { vendor: 'trend-vision-one', file: 'trend-vision-one/wiremock/v3__workbench__alert__get_alert_details_200.json', at: 'response.jsonBody', expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Search_Detections_JsonResult_example.json', at: '*', wrap: under('detection'), expected: { records: 2, findings: 2 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/List_Entity_Detections_JsonResult_example.json', at: '*', wrap: under('detection'), expected: { records: 2, findings: 2 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Describe_Detection_JsonResult_example.json', at: '', wrap: under('detection'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/List_Assignments_JsonResult_example.json', at: '*', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Describe_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Resolve_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Update_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-qux/Assign_Entity_JsonResult_example.json', at: '', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/List_Detections_JsonResult_example.json', at: '*', wrap: under('detection'), expected: { records: 5, findings: 5 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/List_Entity_Detections_JsonResult_example.json', at: '*', wrap: under('detection'), expected: { records: 2, findings: 2 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/Describe_Detection_JsonResult_example.json', at: '', wrap: under('detection'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/List_Assignments_JsonResult_example.json', at: '*', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/Describe_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/Resolve_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/Update_Assignment_JsonResult_example.json', at: 'assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/google-secops-rux/Assign_Entity_JsonResult_example.json', at: '', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/qux-responses.json', at: 'GET_DETECTION_POLL_RESP.results.*', wrap: under('detection'), expected: { records: 3, findings: 3 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/qux-responses.json', at: 'GET_DETECTION_RESP', wrap: under('detection'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/qux-responses.json', at: 'RESOLVE_ASSIGNMENT_RESP.assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/qux-responses.json', at: 'ADD_UPDATE_ASSIGNMENT_RESP.assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/rux-responses.json', at: 'GET_DETECTION_ON_POLL.results.*', wrap: under('detection'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/rux-responses.json', at: 'GET_DETECTION', wrap: under('detection'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/rux-responses.json', at: 'GET_ASSIGNMENT_ON_POLL.results.*', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/rux-responses.json', at: 'RESOLVE_ASSIGNMENT_RESP.assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'vectra', file: 'vectra/splunk-soar/rux-responses.json', at: 'ADD_UPDATE_ASSIGNMENT_RESP.assignment', wrap: under('assignment'), expected: { records: 1, findings: 1 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-4x-alerts.sample.json', at: 'lines', wrap: asSource, expected: { records: 1124, findings: 1124 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-aws_findings_guardduty.ndjson', at: 'lines', wrap: asSource, expected: { records: 5, findings: 5 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-fim_findings.ndjson', at: 'lines', wrap: asSource, expected: { records: 5, findings: 5 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-malware-detection_findings.ndjson', at: 'lines', wrap: asSource, expected: { records: 8, findings: 8 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-threat-hunting_findings_auditd.ndjson', at: 'lines', wrap: asSource, expected: { records: 72, findings: 72 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-threat-hunting_findings_okta.ndjson', at: 'lines', wrap: asSource, expected: { records: 26, findings: 26 } },
  { vendor: 'wazuh', file: 'wazuh/wazuh-5x-findings-samples/findings-threat-hunting_findings_windows.ndjson', at: 'lines', wrap: asSource, expected: { records: 11, findings: 11 } },
  { vendor: 'zeek', file: 'zeek-corelight/zeek-json-notice.ndjson', at: 'lines', wrap: asNotice, expected: { records: 207, findings: 207 } },
];

/** Files that hold no record any vendor here asks for. */
export const notRecords: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^README/, 'the list of sources'],
  [/^cisco-sna\//, 'no vendor here'],
  [
    /(swagger|openapi|open-api|csdl|derived-schema|derived-spec|derived-facts|index-template|eve-schema)[^/]*$/,
    'a description, not an answer',
  ],
  [/^sentinel\/pandora\//, 'a description, not an answer'],
  [/^cortex-xdr\/rapid7\/(get_incidents|monitor_alerts)/, 'the same bytes as cortex-xdr/rapid7-*'],
  [/^cortex-xdr\/.*(monitor_alerts|sample_event|changelog|get_query_results)/, 'alerts and queries: incidents are read'],
  [/^cortex-xdr\/mcp-/, 'invented examples of the newer cases API, which is not asked'],
  [/^(crowdstrike|microsoft-defender)\/elastic-mock/, 'errors only'],
  [/^microsoft-defender\/rapid7-mde/, 'the older API of Defender for Endpoint: Graph is asked'],
  [/^qradar\/recorded\/(demisto-(closing|offense_notes)|ibm-docs-error|rapid7-helpmd-0[1236])/, 'notes, reasons and errors'],
  [/^sentinel\/recorded\/(elastic-mock|azure-rest-api-specs-GetAllIncidentAlerts)/, 'tokens, links, and alerts of one incident'],
  [/^sentinelone\/demisto-uam/, 'unified alerts: threats are asked'],
  [/^servicenow\/(faros-|rapid7\/(create|delete|get_oauth|get_security_incident_invalid))/, 'IT incidents, errors and tokens'],
  [/^splunk\/stix-shifter/, 'searches of other tables than notables'],
  [/^suricata-eve\/samples\/tenzir-(anomaly|dns|flow|http)/, 'events that are no alerts; the test of the vendor reads them'],
  [/^thehive\/docs\//, 'documentation'],
  [/^trend-vision-one\/wiremock\/(?!.*get_alert_(list|details)_200)/, 'errors, orders and the history of version 2'],
  [/^vectra\/elastic-detection-events/, 'events of detections, another list than the one asked for'],
  [
    /^vectra\/google-secops-[qr]ux\/(?!.*(Detections|Describe_Detection|Assignments?_Json|Assign_Entity))/,
    'notes, tags, groups, users, hosts and accounts',
  ],
  [/^vectra\/google-secops-[qr]ux\/(Mark|Unmark|Remove|Add)_/, 'orders'],
  [/^zeek-corelight\/(zeek-baseline|zeek-json-weird|zeek-tsv)/, 'the test of the vendor reads these'],
];
