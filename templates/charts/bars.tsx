/**
 * Bars, drawn on the server: a picture with a name for those who see it, and the same figures as a table.
 */

export interface Bar {
  name: string
  value: number
  /** The value in words: "41%", "2 min 05 s". */
  text: string
}

export interface ChartProps {
  title: string
  /** What the figures are, for the head of their column. */
  measure: string
  bars: readonly Bar[]
  /** Said where there is nothing to draw. */
  nothing: string
}

interface BarsProps extends ChartProps {
  /** What fills a bar; unless given, the largest value. */
  full?: number
}

const [rowHeight, barTop, barHeight] = [29, 16, 7]

/** One bar below the other, each under its name and its value, which share a line on the narrowest screen. */
export function Bars({ title, measure, bars, nothing, full }: BarsProps) {
  const most = Math.max(...bars.map(({ value }) => value), 0)
  const whole = full ?? most
  if (most <= 0) return <EmptyChart title={title} nothing={nothing} />
  return (
    <figure class='panel chart'>
      <figcaption>{title}</figcaption>
      <svg
        class='sizes'
        role='img'
        aria-label={labelOf(title, bars)}
        width='100%'
        height={bars.length * rowHeight}
      >
        {bars.map(({ name, value, text }, n) => {
          const top = n * rowHeight
          return (
            <>
              <text x='0' y={top + 11}>
                {name}
              </text>
              <rect class='before' x='0' y={top + barTop} width='100%' height={barHeight} rx='2' />
              <rect
                class='after'
                x='0'
                y={top + barTop}
                width={`${Math.min(100, Math.max(0.4, (value / whole) * 100)).toFixed(2)}%`}
                height={barHeight}
                rx='2'
              />
              <text class='soft' x='100%' y={top + 11} text-anchor='end'>
                {text}
              </text>
            </>
          )
        })}
      </svg>
      <Figures measure={measure} bars={bars} />
    </figure>
  )
}

const [plotHeight, plotTop] = [80, 16]

/** One bar beside the other, as time goes on; the last one is now. */
export function Columns({ title, measure, bars, nothing, ends }: ChartProps & { ends: [string, string] }) {
  const most = Math.max(...bars.map(({ value }) => value), 0)
  if (most <= 0) return <EmptyChart title={title} nothing={nothing} />
  const step = 100 / bars.length
  const base = plotTop + plotHeight
  return (
    <figure class='panel chart'>
      <figcaption>{title}</figcaption>
      <svg class='sizes' role='img' aria-label={labelOf(title, bars)} width='100%' height={base + 20}>
        {bars.map(({ value, text }, n) => {
          const height = (value / most) * plotHeight
          const [left, isLast] = [n * step + step * 0.1, n === bars.length - 1]
          return (
            <>
              <rect
                class={isLast ? 'now' : 'after'}
                x={`${left.toFixed(2)}%`}
                y={(base - height).toFixed(1)}
                width={`${(step * 0.8).toFixed(2)}%`}
                height={height.toFixed(1)}
                rx='1.5'
              />
              {value > 0 && (value === most || isLast) && (
                <text
                  x={`${(left + step * 0.4).toFixed(2)}%`}
                  y={(base - height - 5).toFixed(1)}
                  text-anchor='middle'
                >
                  {text}
                </text>
              )}
            </>
          )
        })}
        <line x1='0' x2='100%' y1={base + 0.5} y2={base + 0.5} />
        <text class='soft' x='0' y={base + 16}>
          {ends[0]}
        </text>
        <text class='soft' x='100%' y={base + 16} text-anchor='end'>
          {ends[1]}
        </text>
      </svg>
      <Figures measure={measure} bars={bars} />
    </figure>
  )
}

const labelOf = (title: string, bars: readonly Bar[]) =>
  `${title}: ${bars.map(({ name, text }) => `${name} ${text}`).join(', ')}`

const EmptyChart = ({ title, nothing }: Pick<ChartProps, 'title' | 'nothing'>) => (
  <figure class='panel chart'>
    <figcaption>{title}</figcaption>
    <p class='soft'>{nothing}</p>
  </figure>
)

/** The same as a table, to be read line by line. */
const Figures = ({ measure, bars }: Pick<ChartProps, 'measure' | 'bars'>) => (
  <details>
    <summary>Figures</summary>
    <table class='table'>
      <thead>
        <tr>
          <th scope='col'>What</th>
          <th scope='col' class='number'>
            {measure}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, text }) => (
          <tr>
            <th scope='row'>{name}</th>
            <td class='number'>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
)
