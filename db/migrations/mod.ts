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

export const migrations: Record<string, Required<Migration>> = {
  '0001_sessions': m0001,
  '0002_files': m0002,
  '0003_scenes': m0003,
  '0004_presets_and_settings': m0004,
  '0005_history': m0005,
  '0006_events': m0006,
  '0007_progress': m0007,
  '0008_archive_tool_views': m0008,
}
