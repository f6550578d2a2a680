/**
 * What a shell command is, and how its words are read: unknown options are refused, never ignored.
 */

import { parseArgs } from 'node:util'

export interface Command {
  /** What follows `cutroom`, for the usage line. */
  usage: string
  summary: string
  /** Lines of help below the options. */
  notes?: () => string[]
  options: Record<string, Option>
  /** The fewest and the most words that are not options. */
  words: readonly [number, number]
  /** @returns the exit code. */
  run(words: string[], given: Given): Promise<number>
}

/** Commands that belong together, each called by the group's name and its own: `cutroom db backup`. */
export interface Group {
  summary: string
  acts: Record<string, Command>
}

export interface Option {
  type: 'string' | 'boolean'
  /** May be given several times. */
  multiple?: boolean
  /** What stands for its value in the help. */
  value?: string
  help: string
}

/** Options as given; several of one kind are a list. */
export type Given = Record<string, string | boolean | (string | boolean)[] | undefined>

/** A command line that cannot be understood: exit 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export const dataOption: Record<'data', Option> = {
  data: {
    type: 'string',
    value: 'DIR',
    help: 'folder of the database and the default roots (CUTROOM_DATA, ./data)',
  },
}

export const jsonOption: Record<'json', Option> = {
  json: { type: 'boolean', help: 'one JSON document on stdout' },
}

/** @throws UsageError that names what is wrong. */
export function readWords(command: Command, args: string[]): { words: string[]; given: Given } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...helpOption }).map(([name, { type, multiple = false }]) => [
      name,
      { type, multiple },
    ]),
  )
  const { positionals, values } = parse(args, options)
  if (values.help === true) return { words: [], given: { help: true } }
  const [fewest, most] = command.words
  if (positionals.length < fewest) throw new UsageError('Something is missing.')
  if (positionals.length > most) throw new UsageError(`“${positionals[most]}” is one word too many.`)
  refuseEmpty(values)
  return { words: positionals, given: values }
}

/** An empty value is a slip (`--out "$FOLDER"`), never a wish. */
function refuseEmpty(given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if ([value].flat().some((entry) => typeof entry === 'string' && entry.trim() === ''))
      throw new UsageError(`--${name} needs a value.`)
  }
}

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError((error as Error).message.split(/\.?\s*\n|\. /)[0] ?? 'That cannot be read', {
      cause: error,
    })
  }
}

const helpOption: Record<'help', Option> = { help: { type: 'boolean', help: 'this help' } }

export function helpOf({ usage, summary, options, notes }: Command): string {
  const rows = Object.entries({ ...options, ...helpOption }).map(
    ([name, { value, multiple, help }]) =>
      [`--${name}${value ? ` ${value}` : ''}${multiple ? ' …' : ''}`, help] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    summary,
    '',
    `usage: cutroom ${usage}`,
    '',
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    ...(notes ? ['', ...notes()] : []),
  ].join('\n')
}

export function helpOfGroup(name: string, { summary, acts }: Group): string {
  const width = Math.max(...Object.keys(acts).map((act) => act.length))
  const rows = Object.entries(acts).map(([act, { summary }]) => `  ${act.padEnd(width)}  ${summary}`)
  return [
    summary,
    '',
    `usage: cutroom ${name} ACT [options]`,
    '',
    ...rows,
    '',
    `cutroom ${name} ACT --help tells more.`,
  ].join('\n')
}

/** The text of an option that may be given once. */
export const text = (given: Given, name: string): string | undefined => {
  const value = given[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times. */
export const texts = (given: Given, name: string): string[] => {
  const value = given[name]
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}

/** @throws UsageError where it is no number. */
export function numberOf(given: Given, name: string): number | undefined {
  const value = text(given, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`--${name} takes a number, not “${value}”.`)
  return number
}

/** @throws UsageError where it is none of them. */
export function oneOf<T extends string>(given: Given, name: string, allowed: readonly T[], otherwise: T): T {
  const value = text(given, name) ?? otherwise
  const match = allowed.find((entry) => entry === value)
  if (match === undefined)
    throw new UsageError(`--${name} takes one of ${allowed.join(', ')}, not “${value}”.`)
  return match
}

/** A reader that has seen enough (`| head`), or a terminal that is gone, is no error of ours. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })

export const print = (line: string): void => void process.stdout.write(`${line}\n`)
export const say = (line: string): void => void process.stderr.write(`${line}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))
