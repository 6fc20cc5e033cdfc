/** How a product refuses who asks in the wrong place, or may not: its own answer, and what the error has to name. */
export interface Refusal {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Which requests; default: all but logins. */
  on?: RegExp;
  /** The setting, permission or licence. */
  says: RegExp;
}

export const situations = ['wrong region', 'wrong version', 'no module', "another tenant's token"] as const;
export type Situation = (typeof situations)[number];

const own = 'it runs on a host of its own: there is no region';
const host = 'each tenant has a host of its own: a wrong one is not found at all';
const alone = "the token alone chooses the tenant: another's is answered with its own records";
const untold = 'what it answers is in no documentation that was read';

const refusal = (status: number, body: unknown, says: RegExp, rest: Partial<Refusal> = {}): Refusal => ({ status, body, says, ...rest });
const gone = (says = /Check base_url and the version of the product/): Refusal => refusal(404, { message: 'Not Found' }, says);

/** Bodies are the products' own where they are recorded or documented; the others only stand for a refusal of that status. */
export const refusals: Readonly<Record<string, Readonly<Record<Situation, Refusal | string>>>> = {
  'carbon-black': {
    'wrong region': refusal(401, { message: 'Unauthorized' }, /base_url is the host this organisation signs in at/),
    'wrong version': gone(),
    'no module': untold,
    "another tenant's token": refusal(403, { error_code: 'FORBIDDEN', message: 'User is not authorized' }, /Check also org_key/),
  },
  'cortex-xdr': {
    'wrong region': host,
    'wrong version': gone(),
    'no module': refusal(
      402,
      { reply: { err_code: 402, err_msg: 'User does not have the required license type to run this API', err_extra: null } },
      /required license type.* The tenant has no licence/,
    ),
    "another tenant's token": refusal(
      401,
      { reply: { err_code: 401, err_msg: 'Public API request unauthorized' } },
      /base_url is the tenant/,
    ),
  },
  'cortex-xsoar': {
    'wrong region': own,
    'wrong version': gone(/XSOAR 8 answers below \/xsoar/),
    'no module': untold,
    "another tenant's token": refusal(401, { error: 'unauthorized' }, /api_key, and key_id/),
  },
  crowdstrike: {
    'wrong region': refusal(403, { errors: [{ code: 403, message: 'access denied, invalid client' }] }, /base_url is the cloud/, {
      on: /oauth2\/token/,
    }),
    'wrong version': gone(),
    'no module': refusal(
      200,
      { meta: {}, errors: [{ code: 403, message: 'Access denied: insufficient scope for this action' }], resources: [] },
      /insufficient scope.* needs the scope "Alerts: Read"/,
    ),
    "another tenant's token": alone,
  },
  darktrace: {
    'wrong region': own,
    'wrong version': refusal(302, '', /Check base_url and its version/, { headers: { Location: '/login' } }),
    'no module': refusal(302, '', /user of this API token may not read it/, { headers: { Location: '/403' } }),
    "another tenant's token": refusal(400, { error: 'API SIGNATURE ERROR' }, /public_token and private_token.* one pair of this appliance/),
  },
  defender: {
    'wrong region': gone(/national clouds have their own/),
    'wrong version': gone(/Check base_url/),
    'no module': refusal(
      403,
      { error: { code: 'Forbidden', message: "Missing application roles. API required roles: 'SecurityAlert.Read.All'" } },
      /SecurityAlert\.Read\.All with admin consent, and the tenant a Defender licence/,
    ),
    "another tenant's token": refusal(
      400,
      { error: 'invalid_request', error_description: "AADSTS90002: Tenant 'x' not found." },
      /the tenant/,
      {
        on: /oauth2\/v2\.0\/token/,
      },
    ),
  },
  elastic: {
    'wrong region': own,
    'wrong version': 'searching has had one form since points in time exist, without a version in it',
    'no module': refusal(404, { error: { type: 'index_not_found_exception', reason: 'no such index' }, status: 404 }, /Check space/),
    "another tenant's token": refusal(
      401,
      { error: { type: 'security_exception', reason: 'unable to authenticate' } },
      /another deployment/,
    ),
  },
  extrahop: {
    'wrong region': host,
    'wrong version': gone(),
    'no module': refusal(403, { error_message: 'Access denied' }, /access to the NDR module/),
    "another tenant's token": refusal(400, { error: 'invalid_client' }, /check the id and the secret/, { on: /oauth2\/token/ }),
  },
  'google-secops': {
    'wrong region': gone(/location and instance: an instance answers in its own region only/),
    'wrong version': gone(),
    'no module': refusal(
      403,
      {
        error: {
          code: 403,
          message: "Permission 'chronicle.cases.list' denied on resource (or it may not exist).",
          status: 'PERMISSION_DENIED',
        },
      },
      /chronicle\.cases\.list.* permissions that doctor lists/,
    ),
    "another tenant's token": refusal(403, { error: { code: 403, message: 'Permission denied' } }, /check project, location and instance/),
  },
  jira: {
    'wrong region': own,
    'wrong version': gone(),
    'no module': 'issues are the product itself',
    "another tenant's token": refusal(401, 'Client must be authenticated to access this resource.', /a site of that account/),
  },
  qradar: {
    'wrong region': own,
    'wrong version': 'told by doctor, which asks the console for its versions: a test of its own',
    'no module': 'offenses are the product itself',
    "another tenant's token": refusal(401, { http_response: { code: 401, message: 'You are unauthorized' } }, /authorized service token/),
  },
  sentinel: {
    'wrong region': untold,
    'wrong version': refusal(
      400,
      { error: { code: 'InvalidApiVersionParameter', message: 'The api-version is invalid.' } },
      /API version known in this cloud/,
    ),
    'no module': gone(/Sentinel is enabled on it/),
    "another tenant's token": refusal(
      401,
      { error: { code: 'InvalidAuthenticationTokenTenant', message: 'The access token is from the wrong issuer.' } },
      /wrong issuer.* Check tenant_id/,
    ),
  },
  sentinelone: {
    'wrong region': refusal(401, { errors: [{ code: 4010010, title: 'Authentication Failed' }] }, /of another console than base_url/),
    'wrong version': gone(),
    'no module': refusal(403, { errors: [{ code: 4030010, title: 'Insufficient permissions' }] }, /Threats: View/),
    "another tenant's token": alone,
  },
  servicenow: {
    'wrong region': own,
    'wrong version': 'the table API is asked without a version',
    'no module': refusal(400, { error: { message: 'Invalid table sn_si_incident' } }, /plug-in Security Incident Response installed/),
    "another tenant's token": refusal(401, { error: { message: 'User Not Authenticated' } }, /the instance they belong to/),
  },
  sophos: {
    'wrong region': refusal(
      200,
      { id: '11111111-2222-4333-8444-555555555555', idType: 'tenant', apiHosts: { dataRegion: 'https://api-eu01.central.example' } },
      /set base_url: https:\/\/api-eu01\.central\.example/,
      { on: /whoami/ },
    ),
    'wrong version': gone(),
    'no module': refusal(403, { error: 'Forbidden' }, /Service Principal Read-Only/),
    "another tenant's token": refusal(401, { error: 'Unauthorized' }, /tenant_id, which has to be one that they may see/),
  },
  splunk: {
    'wrong region': own,
    'wrong version': 'searches are asked without a version',
    'no module': gone(/Enterprise Security installed/),
    "another tenant's token": refusal(401, { messages: [{ type: 'WARN', text: 'call not properly authenticated' }] }, /Check token/),
  },
  thehive: {
    'wrong region': own,
    'wrong version': gone(/TheHive 5 is needed/),
    'no module': untold,
    "another tenant's token": refusal(403, { type: 'AuthorizationError', message: 'Unauthorized action' }, /check organisation/),
  },
  'trend-vision-one': {
    'wrong region': refusal(
      401,
      { error: { code: 'InvalidToken', message: 'Invalid token' } },
      /works in its own region only: check base_url/,
    ),
    'wrong version': gone(),
    'no module': refusal(
      403,
      { error: { code: 'AccessDenied', message: 'Insufficient permissions.', number: 3090001 } },
      /Workbench: View/,
    ),
    "another tenant's token": alone,
  },
  vectra: {
    'wrong region': host,
    'wrong version': gone(/Check api_version and platform/),
    'no module': untold,
    "another tenant's token": refusal(401, { detail: 'Invalid token.' }, /of this platform \(qux or rux\) and of base_url/),
  },
  wazuh: {
    'wrong region': own,
    'wrong version': gone(/Check index and generation/),
    'no module': 'everything is in the product',
    "another tenant's token": refusal(401, 'Unauthorized', /of the indexer, not of the Wazuh API/),
  },
};
