/**
 * The curve of a film's scores as a picture of its own: beside a detector's name, and in place of the plot without JavaScript.
 */

import type { HtmlEscapedString } from 'hono/utils/html'
import type { ScoreColumns } from '../workers/media/score_plot.ts'

export interface ScorePictureProps {
  columns: ScoreColumns
  /** The score at the top. */
  top: number
  /** Pixels. */
  width: number
  height: number
  /** Where the line lies; none where not given. */
  threshold?: number | undefined
  /** Shares of the width, 0 to 1. */
  cuts?: number[]
}

/** The picture as a file of its own. */
export const scorePicture = (props: ScorePictureProps): string =>
  ((<ScorePicture {...props} />) as HtmlEscapedString).toString()

/** In a grey that shows on light and dark: a picture does not know the page's theme. */
function ScorePicture({ columns, top, width, height, threshold, cuts = [] }: ScorePictureProps) {
  const y = (score: number) => Math.max(0, height * (1 - score / top)).toFixed(1)
  const step = width / columns.most.length
  const points = columns.most.map((score, index) => `L${((index + 0.5) * step).toFixed(1)} ${y(score)}`)
  return (
    <svg xmlns='http://www.w3.org/2000/svg' viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <path fill='#808080' d={`M0 ${height}${points.join('')}L${width} ${height}z`} />
      {cuts.map((share) => (
        <path stroke='#b8860b' d={`M${(share * width).toFixed(1)} ${height}v${-height / 3}`} />
      ))}
      {threshold !== undefined && (
        <path stroke='#b8860b' stroke-width='1.5' d={`M0 ${y(threshold)}H${width}`} />
      )}
    </svg>
  )
}
