import { parsePeriod } from '../period.ts';
import { loopbackToken } from './apis/auth.ts';
import { crowdstrike } from './apis/crowdstrike.ts';
import { extrahop } from './apis/extrahop.ts';
import { startProduct } from './apis/product.ts';
import { thehive } from './apis/thehive.ts';
import { closingReasons, consoleAt, localAddresses } from './console.ts';
import { caseLives } from './desk.ts';
import { type Qradar, startQradar } from './qradar.ts';
import { falconAt, hiveAt, revealAt } from './records.ts';
import { ruleNames } from './rules.ts';
import { detectionLives } from './sensors.ts';
import { type OffenseLife, offenseLives, type Stretch } from './soc.ts';

/** The sample SOC's products, each behind its own API on this machine. */
export interface Products {
  /** What the example configuration refers to. */
  env: Record<string, string>;
  /** They answer from now on as of this instant; the SIEM with the offenses of these days only: fewer offenses, quicker answers. */
  serve(stretch: Stretch, now: number): void;
  close(): Promise<void>;
}

/** Records link to where they came from: on the same ports the sample is the same, byte by byte. */
const firstPort = 47_110;

/** `dayDown` is a local day of which the SIEM will not tell. */
export async function startProducts(stretches: readonly Stretch[], dayDown: string): Promise<Products> {
  const offenses = new Map(stretches.map((stretch) => [stretch, offenseLives(stretch)]));
  const detections = detectionLives(stretches);
  const cases = caseLives([...offenses.values()].flat(), detections);
  let now = 0;
  const clock = () => now;
  const qradar = await startConsole([...offenses.values()].flat(), dayDown, stretches[0]?.zone ?? 'UTC');
  const edr = await startProduct(crowdstrike, { entries: () => falconAt(detections, now), clock, port: firstPort + 1 });
  const ndr = await startProduct(extrahop, { entries: () => revealAt(detections, now), clock, port: firstPort + 2 });
  const desk = await startProduct(thehive, { entries: () => hiveAt(cases, now), clock, port: firstPort + 3 });
  return {
    env: {
      DEMO_QRADAR_URL: qradar.url,
      DEMO_QRADAR_TOKEN: qradar.token,
      DEMO_FALCON_URL: edr.url,
      DEMO_FALCON_SECRET: loopbackToken,
      DEMO_EXTRAHOP_URL: ndr.url,
      DEMO_EXTRAHOP_SECRET: loopbackToken,
      DEMO_THEHIVE_URL: desk.url,
      DEMO_THEHIVE_KEY: loopbackToken,
    },
    serve(stretch, instant) {
      now = instant;
      qradar.offenses.replace(consoleAt(offenses.get(stretch) ?? [], now));
    },
    close: async () => void (await Promise.all([qradar, edr, ndr, desk].map((one) => one.close()))),
  };
}

function startConsole(lives: readonly OffenseLife[], dayDown: string, zone: string): Promise<Qradar> {
  const down = parsePeriod(dayDown, zone);
  const unavailable = { status: 503, body: '{"message":"The console is being restarted"}' };
  return startQradar({
    offenses: [],
    port: firstPort,
    closingReasons,
    localAddresses: localAddresses(lives),
    rules: ruleNames,
    faults: [{ when: (asked) => asked.query.get('filter')?.includes(`>= ${down.start}`) ?? false, reply: unavailable }],
  });
}
