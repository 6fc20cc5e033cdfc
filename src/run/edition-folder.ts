import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Edition } from '../store/index.ts';

/** Where an edition stands in the archive. */
export function archiveFolder({ reports_dir }: Pick<Config, 'reports_dir'>, client: string, edition: EditionName): string {
  return join(reports_dir, client, placeOf(edition));
}

/** Where an edition's files are: in the archive, wherever that was moved to since, or where `--out` put them. */
export function editionFolder(config: Pick<Config, 'reports_dir'>, client: string, edition: EditionName & { path: string }): string {
  return edition.path.endsWith(join('/', client, placeOf(edition))) ? archiveFolder(config, client, edition) : edition.path;
}

type EditionName = Pick<Edition, 'report' | 'period' | 'revision'>;

function placeOf({ report, period, revision }: EditionName): string {
  return join(report, period, `r${revision}`);
}
