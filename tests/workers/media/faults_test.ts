import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { faultWords } from '../../../workers/media/faults.ts'

const faults = suite('faults in words')

const shape = z.strictObject({
  page: z.coerce.number().int().min(1).max(5).default(1),
  rate: z.number().positive().optional(),
  name: z.string().min(1).max(9).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  key: z
    .string()
    .regex(/^[a-z]+$/, 'a key is made of letters')
    .optional(),
  look: z.object({ at: z.int() }).optional(),
})

const told: [given: unknown, words: string][] = [
  [{ page: 'x' }, 'page takes a number'],
  [{ page: '1.5' }, 'page takes a whole number'],
  [{ page: '9' }, 'page takes 5 or less'],
  [{ page: '0' }, 'page takes 1 or more'],
  [{ rate: 0 }, 'rate takes more than 0'],
  [{ name: '' }, 'name is empty'],
  [{ name: 'much too long' }, 'name takes 9 letters or less'],
  [{ name: ['a', 'b'] }, 'name takes a text'],
  [{ order: 'up' }, 'order takes one of asc, desc'],
  [{ key: '1' }, 'a key is made of letters'],
  [{ look: {} }, 'it has no look.at'],
  [{ colour: 'red' }, 'it takes no colour'],
  [[], 'it takes values by their names'],
]

for (const [given, words] of told)
  faults(`${JSON.stringify(given)}: ${words}`, () => {
    const { error } = shape.safeParse(given, { error: faultWords })
    assert.is(error?.issues[0]?.message, words)
  })

faults.run()
