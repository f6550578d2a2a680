import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { accuracyText } from '../../templates/expectation.tsx'

const expectations = suite('what is expected')

expectations('how right estimates were is told where there are enough of them', () => {
  const few = { count: 4, held: 0, miss: 7.69 }
  const many = { count: 12, held: 10, miss: 0.14 }
  assert.is(
    accuracyText({ seconds: few, bytes: few }),
    'Too few estimates have come to their end to say how right they are.',
  )
  assert.is(
    accuracyText({ seconds: few, bytes: many }),
    'Of 12 estimates of size 10 held; the middle one was off by 14%.',
  )
})

expectations.run()
