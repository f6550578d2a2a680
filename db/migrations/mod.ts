/**
 * Every migration there is, written by `npm run make-migration`; a list, so that it can be bundled.
 */

import type { Migration } from 'kysely'
import * as m0001 from './0001_sessions.ts'
import * as m0002 from './0002_files.ts'
import * as m0003 from './0003_scenes.ts'
import * as m0004 from './0004_presets_and_settings.ts'
import * as m0005 from './0005_history.ts'
import * as m0006 from './0006_events.ts'
import * as m0007 from './0007_progress.ts'
import * as m0008 from './0008_archive_tool_views.ts'
import * as m0009 from './0009_edits.ts'
import * as m0011 from './0011_stills.ts'
import * as m0012 from './0012_proof.ts'
import * as m0013 from './0013_keeping.ts'
import * as m0014 from './0014_upkeep.ts'
import * as m0015 from './0015_upkeep_indexes.ts'
import * as m0016 from './0016_preset_versions.ts'
import * as m0017 from './0017_naming.ts'
import * as m0018 from './0018_estimates.ts'
import * as m0019 from './0019_lineage.ts'
import * as m0020 from './0020_change_instants.ts'
import * as m0023 from './0023_research_bytes.ts'

export const migrations: Record<string, Required<Migration>> = {
  '0001_sessions': m0001,
  '0002_files': m0002,
  '0003_scenes': m0003,
  '0004_presets_and_settings': m0004,
  '0005_history': m0005,
  '0006_events': m0006,
  '0007_progress': m0007,
  '0008_archive_tool_views': m0008,
  '0009_edits': m0009,
  '0011_stills': m0011,
  '0012_proof': m0012,
  '0013_keeping': m0013,
  '0014_upkeep': m0014,
  '0015_upkeep_indexes': m0015,
  '0016_preset_versions': m0016,
  '0017_naming': m0017,
  '0018_estimates': m0018,
  '0019_lineage': m0019,
  '0020_change_instants': m0020,
  '0023_research_bytes': m0023,
}
