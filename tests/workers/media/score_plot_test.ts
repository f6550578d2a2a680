import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { plotTop, scoreColumns, thresholdStep, widestGap } from '../../../workers/media/score_plot.ts'

const plots = suite('plots of scores')

const range = { default: 30, least: 1, most: 255 }

plots('every frame falls into one column, and no peak is lost', () => {
  const scores = Float64Array.from({ length: 1000 }, (_, frame) => (frame === 333 ? 80 : frame % 7))
  const { least, most } = scoreColumns(scores, 0, 1000, 90)
  assert.equal([least.length, most.length], [90, 90])
  assert.equal(
    most.flatMap((score, column) => (score === 80 ? [column] : [])),
    [30],
  )
  assert.is(Math.min(...least), 0)
})

plots('fewer frames than columns are a column each', () => {
  const scores = Float64Array.from([1, 2, 3, 4, 5])
  assert.equal(scoreColumns(scores, 1, 4, 100), { least: [2, 3, 4], most: [2, 3, 4] })
})

plots('the top holds the highest score, but leaves the line where it can be moved', () => {
  assert.is(plotTop(Float64Array.from([5, 90]), range, 30), 94.5)
  assert.is(plotTop(Float64Array.from([5, 255]), range, 30), 150)
  assert.is(plotTop(Float64Array.from([5]), range, 30), 60)
  assert.is(plotTop(Float64Array.from([5]), range, 200), 220)
  assert.is(plotTop(Float64Array.from([5]), { default: 0.35, least: 0, most: 1 }, 0.95), 1)
})

plots('steps are round', () => {
  assert.equal([150, 94.5, 15, 1].map(thresholdStep), [0.5, 0.2, 0.05, 0.002])
})

plots('the widest gap lies between noise and cuts', () => {
  const scores = new Float64Array(400)
  for (let frame = 0; frame < 400; frame++) scores[frame] = 2 + (frame % 5)
  const peaks = [18, 20, 22, 24, 45, 47, 60]
  peaks.forEach((score, index) => (scores[20 + index * 50] = score))
  assert.equal(widestGap(scores, 30, 15), { from: 24, to: 45 })
  assert.is(widestGap(new Float64Array(10), 30, 15), undefined)
})

plots('where low scores are cuts, dips are looked at', () => {
  const scores = new Float64Array(300).fill(100)
  ;[4, 5, 16, 18].forEach((score, index) => (scores[30 + index * 60] = score))
  assert.equal(widestGap(scores, 12, 15, 'below'), { from: 5, to: 16 })
})

plots.run()
