/**
 * How a session names what it makes: as the settings were when it began.
 */

import type { Session } from '../../db/schema.ts'
import { type Named, type Naming, namingShape, usualNaming } from '../../workers/media/file_names.ts'

/** A session of before that was a setting has the usual names. */
export const namingOf = ({ naming }: Pick<Session, 'naming'>): Naming =>
  naming === null ? usualNaming : namingShape.parse(JSON.parse(naming))

export const namedOf = (session: Pick<Session, 'naming' | 'artwork' | 'project_date'>): Named => ({
  artwork: session.artwork,
  projectDate: session.project_date,
  naming: namingOf(session),
})
