/**
 * The histogram detector: OpenCV's correlation to the last bit, and cuts where it falls.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { histogramDetector, histograms } from '../../../workers/detectors/histogram.ts'
import { measureDrawn } from './drawn.ts'
import { film } from './film.ts'

const histogram = suite('histogram detector')

/** As PySceneDetect 0.7.1 with OpenCV 4.6 has it. */
const expected: [width: number, height: number, correlations: number[]][] = [
  [256, 106, [0.0, 0.0, -0.0003561227644557797, 0.015607987792248855, 0.334671981789492, 1.0]],
  [
    256,
    144,
    [
      1.4052096551029608e-9, 2.5016944812221415e-8, 0.022901755388011463, -0.011269438939029219,
      0.34346118864645536, 1.0,
    ],
  ],
  [
    32,
    32,
    [
      -0.051231551957855996, 0.05721469376191573, 0.059333757211729114, 0.10246310391571199,
      0.2903261395373476, 0.021906294250588695,
    ],
  ],
  [
    256,
    9,
    [
      1.4052096551029608e-9, 2.298134637770097e-8, -0.045797459827229055, -0.017448119833478146,
      0.3746635268323938, 1.0,
    ],
  ],
  [
    7,
    256,
    [
      -0.02134295134699438, 0.039754769811777994, 2.3318965967554295e-8, 0.7098851190046833,
      0.3363035022590326, 1.0,
    ],
  ],
  [
    3,
    2,
    [
      -0.013746867932469414, -0.034355900058832094, -0.02793993781135563, 0.7043173944508145,
      0.6289671420649908, 0.23054565948789793,
    ],
  ],
]

for (const [width, height, correlations] of expected) {
  histogram(`has OpenCV’s correlations in drawn pictures of ${width} by ${height}`, () => {
    assert.equal(measureDrawn(histograms, width, height), correlations)
  })
}

histogram('cuts where the correlation falls by the threshold or more', () => {
  const correlation = Float64Array.from({ length: 20 }, () => 0.95)
  correlation.set([0.8], 6)
  correlation.set([0.81], 13)
  const measured = film({ correlation })
  assert.equal(histogramDetector.decide(measured, { threshold: 0.2, minSceneLength: 5 }), [6])
  assert.equal(histogramDetector.decide(measured, { threshold: 0.15, minSceneLength: 5 }), [6, 13])
  assert.is(histogramDetector.scores(measured)[6], 1 - 0.8)
})

histogram.run()
