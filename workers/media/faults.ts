/**
 * What is wrong with something that was read, in words: what the shapes themselves say was not written for people.
 */

import type { z } from 'zod'

/** For `safeParse(given, { error: faultWords })`. A shape's own words, where it has some, come before these. */
export const faultWords: z.core.$ZodErrorMap = (issue) => {
  const name = issue.path?.join('.') || 'it'
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && name !== 'it'
        ? `it has no ${name}`
        : `${name} takes ${kinds[issue.expected] ?? 'something else'}`
    case 'invalid_value':
      return `${name} takes ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return `${name} is empty`
      if (issue.inclusive === false) return `${name} takes more than ${issue.minimum}`
      return `${name} takes ${issue.minimum}${units[issue.origin] ?? ''} or more`
    case 'too_big':
      if (issue.inclusive === false) return `${name} takes less than ${issue.maximum}`
      return `${name} takes ${issue.maximum}${units[issue.origin] ?? ''} or less`
    case 'unrecognized_keys':
      return `${name} takes no ${issue.keys.join(', ')}`
    default:
      return `${name} is not written as it should be`
  }
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'values by their names',
  record: 'values by their names',
}

const units: Record<string, string> = { string: ' letters', array: ' entries' }
