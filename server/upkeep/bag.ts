/**
 * A session's outputs as a bag (RFC 8493), beside its project folder: any BagIt tool can check it, now or in years.
 */

import { createHash } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Recorded, recordedOf } from '../../db/fixity.ts'
import type { Db, Session } from '../../db/schema.ts'
import { projectFolder } from '../engine/job.ts'
import { AppError } from '../errors.ts'
import { version } from '../version.ts'
import { judged, verifyFiles } from './fixity.ts'

export interface Bag {
  /** Absolute. */
  folder: string
  files: number
  bytes: number
}

/**
 * Verifies the outputs, then makes `<project folder>_bag` with hard links to them (copies where the file system has no
 * links), so that nothing is moved and hardly any room is taken. It appears whole, in the place of an older one.
 * @throws AppError `nothing_to_bag`; OperationError `not_as_made` where an output is not as it was made.
 */
export async function writeBag(db: Db, session: Session, date = new Date()): Promise<Bag> {
  const files = session.output_path === null ? [] : await recordedOf(db, session.id)
  if (files.length === 0) throw new AppError('nothing_to_bag', { detail: session.key })
  judged(await verifyFiles(db, files))
  const project = await projectFolder(db, session)
  const folder = `${project}_bag`
  const made = path.join(path.dirname(project), `.cutroom-${session.key}-bag`)
  await rm(made, { recursive: true, force: true })
  const payload = files.map((file) => ({ file, name: payloadName(project, file) }))
  for (const { file, name } of payload) await linkOrCopy(placeOf(file), path.join(made, name))
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0)
  await writeTags(made, {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'bag-info.txt': infoOf(session, date, `${bytes}.${files.length}`),
    'manifest-sha256.txt': payload.map(({ file, name }) => `${file.sha256}  ${escaped(name)}\n`).join(''),
  })
  await rm(folder, { recursive: true, force: true })
  await rename(made, folder)
  return { folder, files: files.length, bytes }
}

const placeOf = (file: Recorded) => path.join(file.root_path, file.path)

/** With `/`, below `data/`, as in the project folder. */
const payloadName = (project: string, file: Recorded) =>
  `data/${path.relative(project, placeOf(file)).split(path.sep).join('/')}`

async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true })
  await link(from, to).catch(() => copyFile(from, to)) // a file system without links, or another disk
}

/** The tag files, and last of all their own manifest. */
async function writeTags(folder: string, tags: Record<string, string>): Promise<void> {
  const lines: string[] = []
  for (const [name, text] of Object.entries(tags)) {
    await writeFile(path.join(folder, name), text)
    const sha256 = createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex')
    lines.push(`${sha256}  ${name}\n`)
  }
  await writeFile(path.join(folder, 'tagmanifest-sha256.txt'), lines.join(''))
}

const infoOf = (session: Session, date: Date, oxum: string) =>
  [
    `Bag-Software-Agent: Cutroom ${version}`,
    `Bagging-Date: ${date.toISOString().slice(0, 10)}`,
    `External-Identifier: ${session.key}`,
    `External-Description: ${session.artwork.replace(/\s+/g, ' ')}`,
    `Payload-Oxum: ${oxum}`,
    '',
  ].join('\n')

/** In a manifest a name may hold no line break, and `%` stands for what it escapes (RFC 8493, 2.1.3). */
const escaped = (name: string) => name.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
