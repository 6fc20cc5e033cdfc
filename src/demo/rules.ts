/** The sample SOC's detection rules, log sources, closing reasons and people: all made up. */
export interface Rule {
  id: number;
  name: string;
  suffix?: string;
  categories: string[];
  severity: number;
  /** Mean offenses on a working day. */
  perDay: number;
  /** Share of offenses by day (Monday first) and when in the day they come. */
  rhythm: 'office' | 'night' | 'even';
  /** Closing reasons by weight. */
  ends: Partial<Record<keyof typeof reasons, number>>;
  logSources: number[];
  kind: 'external' | 'internal' | 'user';
}

/** Closing reasons as the sample console has them. */
export const reasons = {
  'Non-Issue': 1,
  'False-Positive, Tuned': 2,
  'Policy Violation': 3,
  Resolved: 55,
  'Rule Need to be tuned': 104,
  Escalated: 254,
  'False-Positive': 255,
  'Already-Reported': 256,
  'To be monitored': 257,
} as const;

export const logSources = [
  { id: 60, name: 'Custom Rule Engine-8 :: siem01', type_id: 18, type_name: 'EventCRE' },
  { id: 101, name: 'FW-Edge @ 192.0.2.1', type_id: 11, type_name: 'Firewall' },
  { id: 102, name: 'DC01 Security Log', type_id: 12, type_name: 'WindowsAuthServer' },
  { id: 103, name: 'DC02 Security Log', type_id: 12, type_name: 'WindowsAuthServer' },
  { id: 104, name: 'Mail gateway', type_id: 73, type_name: 'MailGateway' },
  { id: 105, name: 'WAF shop.example', type_id: 67, type_name: 'WAF' },
  { id: 106, name: 'EDR console', type_id: 382, type_name: 'EndpointProtection' },
  { id: 107, name: 'VPN concentrator', type_id: 6, type_name: 'VPN' },
  { id: 108, name: 'Proxy-01', type_id: 31, type_name: 'Proxy' },
  { id: 109, name: 'Linux jump host', type_id: 11, type_name: 'LinuxServer' },
  { id: 110, name: 'Crane control gateway', type_id: 11, type_name: 'LinuxServer' },
];

export const networks = ['Internet', 'Office.Berlin', 'Office.Hamburg', 'Servers.DMZ', 'Servers.Core', 'Guest.WiFi', 'OT.Cranes'];
export const analysts = ['a.okafor', 'b.lindqvist', 'c.marsh', 'd.hoang', 'e.rossi', 'f.novak'];
/** The vulnerability scanner that nobody told the firewall rule about. */
export const scanner = '10.20.30.40';

export const rules: Rule[] = [
  rule(100033, 'Excessive Firewall Denies Between Hosts', 24, 'night', 'internal', 3, ['Access Denied', 'ACL Deny'], [101], {
    'False-Positive': 14,
    'To be monitored': 4,
    'Rule Need to be tuned': 2,
  }),
  rule(100101, 'Multiple Login Failures for the Same User', 14, 'office', 'user', 4, ['User Login Failure'], [102, 103], {
    'False-Positive': 9,
    Resolved: 3,
    'To be monitored': 3,
    Escalated: 1,
  }),
  rule(100102, 'Logon from Unusual Country', 5, 'even', 'user', 6, ['Remote Access Login'], [107], {
    'Non-Issue': 5,
    Resolved: 2,
    Escalated: 2,
    'False-Positive': 2,
  }),
  rule(100120, 'Host Port Scan Detected', 9, 'even', 'external', 4, ['Host Port Scan'], [101], {
    'To be monitored': 8,
    'False-Positive': 3,
    'Already-Reported': 2,
  }),
  rule(100131, 'SQL Injection Attempt against Web Shop', 6, 'even', 'external', 7, ['SQL Injection'], [105], {
    Resolved: 3,
    'False-Positive': 4,
    Escalated: 1,
  }),
  rule(100132, 'WAF Blocked Request Burst', 8, 'even', 'external', 4, ['Web Exploit'], [105], {
    'To be monitored': 5,
    'False-Positive': 4,
    'False-Positive, Tuned': 1,
  }),
  rule(100140, 'Malware Detected and Cleaned by AV', 5, 'office', 'internal', 6, ['Virus Detected'], [106], {
    Resolved: 8,
    'Policy Violation': 1,
    'False-Positive': 1,
  }),
  rule(100141, 'Malware Not Cleaned', 0.7, 'office', 'internal', 9, ['Virus Detected'], [106], { Escalated: 5, Resolved: 3 }),
  rule(100150, 'Communication with Malicious IP', 7, 'even', 'external', 7, ['Malicious IP'], [108, 101], {
    'False-Positive': 6,
    Resolved: 2,
    Escalated: 1,
    'Already-Reported': 1,
  }),
  rule(
    100160,
    'High Number of Emails to Invalid Recipients from the Same Source',
    6,
    'office',
    'external',
    3,
    ['Mail'],
    [104],
    { 'False-Positive': 6, 'To be monitored': 2 },
    'containing Recipient Rejected',
  ),
  rule(100161, 'User Reported Phishing Mail', 5, 'office', 'user', 5, ['Phishing'], [104], { Resolved: 5, 'Non-Issue': 4, Escalated: 1 }),
  rule(100170, 'OpenSSL Heartbeat Anomaly', 0.6, 'even', 'external', 8, ['OpenSSL Exploit'], [101, 105], {
    'False-Positive': 4,
    'Rule Need to be tuned': 2,
  }),
  rule(100180, 'PowerShell Abuse', 3, 'office', 'user', 7, ['Suspicious Activity'], [106, 102], {
    'Non-Issue': 4,
    'False-Positive': 2,
    Resolved: 1,
    Escalated: 1,
  }),
  rule(100181, 'User Account Created and Deleted within an Hour', 0.8, 'office', 'user', 5, ['User Account Changed'], [102], {
    'Non-Issue': 6,
    'Policy Violation': 1,
  }),
  rule(100182, 'Privileged Group Changed', 1.2, 'office', 'user', 6, ['Group Changed'], [102, 103], {
    'Non-Issue': 5,
    'Policy Violation': 1,
    Escalated: 1,
  }),
  rule(100190, 'SSH Brute Force against Jump Host', 4, 'night', 'external', 5, ['SSH Login Failed'], [109], {
    'To be monitored': 4,
    'False-Positive': 1,
    Resolved: 1,
  }),
  rule(100200, 'USB Storage Used on Crane Workstation', 0.5, 'office', 'user', 6, ['USB Device Attached'], [110], {
    'Policy Violation': 5,
    'Non-Issue': 1,
  }),
  rule(100210, 'Data Upload to File Sharing Site', 2, 'office', 'user', 5, ['Data Transfer'], [108], {
    'Non-Issue': 3,
    'Policy Violation': 3,
  }),
];

function rule(
  id: number,
  name: string,
  perDay: number,
  rhythm: Rule['rhythm'],
  kind: Rule['kind'],
  severity: number,
  categories: string[],
  sources: number[],
  ends: Rule['ends'],
  suffix?: string,
): Rule {
  return { id, name, perDay, rhythm, kind, severity, categories, logSources: sources, ends, ...(suffix === undefined ? {} : { suffix }) };
}

export const ruleNames = rules.map(({ id, name }) => ({ id, name }));
