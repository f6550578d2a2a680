/**
 * Paints the timeline onto its canvas: ruler, film, scenes, scores, cuts, line and playhead.
 */

/** Where each row begins, and how high the plot is, in CSS pixels. */
export const rows = { ruler: 0, film: 18, lane: 62, plot: 82, plotHeight: 132 }

const sheets = new Map()

/** `again` is called when a picture of the film has come. */
export function paint(canvas, { view, plot, columns, scenes, playhead, film, timeOf, timecode, fineLetters, again }) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  const density = window.devicePixelRatio
  if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density)
  if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density)
  const pen = canvas.getContext('2d')
  pen.setTransform(density, 0, 0, density, 0, 0)
  pen.clearRect(0, 0, width, height)
  const style = getComputedStyle(canvas)
  const inks = new Map()
  // Asked for once: of thousands of scenes each would ask again, and the style is slow to tell.
  const ink = (name) => inks.get(name) ?? inks.set(name, style.getPropertyValue(`--${name}`)).get(name)
  const x = (frame) => ((frame - view.from) / (view.to - view.from)) * width
  const y = (score) => rows.plot + rows.plotHeight * Math.max(0, 1 - score / plot.top)
  pen.font = `11px ${style.fontFamily}`

  drawRuler()
  drawFilm()
  drawLane()
  drawPlot()
  drawCuts()
  drawLines()
  pen.strokeStyle = ink('ink')
  line(x(playhead + 0.5), 0, x(playhead + 0.5), height)

  function line(x1, y1, x2, y2, dashes = []) {
    pen.setLineDash(dashes)
    pen.beginPath()
    pen.moveTo(x1, y1)
    pen.lineTo(x2, y2)
    pen.stroke()
    pen.setLineDash([])
  }

  function drawRuler() {
    const seconds = (view.to - view.from) / film.rate
    const wanted = seconds / Math.max(1, width / 90)
    const steps = [1 / film.rate, 5 / film.rate, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]
    const step = Math.max(1, Math.round((steps.find((one) => one >= wanted) ?? 3600) * film.rate))
    pen.strokeStyle = ink('line')
    pen.fillStyle = ink('soft')
    for (let frame = Math.ceil(view.from / step) * step; frame < view.to; frame += step) {
      line(x(frame), 9, x(frame), 18)
      const text = timecode(frame).slice(film.frames / film.rate < 3600 ? 3 : 0)
      const told = step < film.rate || fineLetters > 3 ? text : text.slice(0, -3)
      if (x(frame) + 4 + pen.measureText(told).width <= width) pen.fillText(told, x(frame) + 4, 12)
    }
  }

  function drawFilm() {
    const [first] = film.sheets
    if (!first) return
    const tile = Math.round((44 * first.width) / first.height)
    for (let left = 0; left < width; left += tile) {
      const time = timeOf(Math.round(view.from + ((left + tile / 2) / width) * (view.to - view.from)))
      const sheet = film.sheets.findLast(({ firstTime }) => firstTime <= time) ?? first
      const index = Math.min(sheet.count - 1, Math.max(0, Math.round((time - sheet.firstTime) / sheet.interval)))
      const image = pictureOf(sheet, again)
      if (!image.complete || image.naturalWidth === 0) continue
      const [sx, sy] = [(index % sheet.columns) * sheet.width, Math.floor(index / sheet.columns) * sheet.height]
      pen.drawImage(image, sx, sy, sheet.width, sheet.height, left, rows.film, tile - 1, 44)
    }
  }

  function drawLane() {
    pen.textBaseline = 'alphabetic'
    scenes.forEach((scene, index) => {
      if (scene.to <= view.from || scene.from >= view.to) return
      const [left, right] = [x(scene.from), x(scene.to)]
      const current = scene.from <= playhead && playhead < scene.to
      pen.fillStyle = current ? ink('accent') : ink(scene.ticked ? 'edge' : 'line')
      pen.fillRect(left + 1, rows.lane + 2, Math.max(1, right - left - 2), 16)
      const number = String(index + 1)
      if (right - left < 8 + 7 * number.length) return
      pen.fillStyle = scene.ticked || current ? ink('on-accent') : ink('soft')
      pen.fillText(number, Math.max(left, 0) + 6, rows.lane + 14)
    })
  }

  function drawPlot() {
    const bottom = rows.plot + rows.plotHeight
    pen.strokeStyle = ink('line')
    for (const share of [0.25, 0.5, 0.75]) line(0, bottom - share * rows.plotHeight, width, bottom - share * rows.plotHeight)
    if (!columns) return
    const { from, to, most } = columns
    const place = (index) => x(from + ((index + 0.5) / most.length) * (to - from))
    pen.fillStyle = ink('edge')
    pen.beginPath()
    pen.moveTo(place(0), bottom)
    most.forEach((score, index) => pen.lineTo(place(index), y(score)))
    pen.lineTo(place(most.length - 1), bottom)
    pen.fill()
  }

  function drawCuts() {
    const bottom = rows.plot + rows.plotHeight
    pen.strokeStyle = ink('mark')
    const begins = plot.trial ? plot.trial.map((from) => ({ from })) : scenes
    const shown = begins.filter(({ from }) => from > 0 && from >= view.from && from <= view.to)
    const isOurs = ({ origin }) => origin === 'hand' || origin === 'import'
    marks(shown.filter(isOurs), rows.plot, [3, 2])
    marks(shown.filter((cut) => !isOurs(cut)), bottom - rows.plotHeight / 3, [])

    /** All in one stroke. */
    function marks(cuts, top, dashes) {
      pen.setLineDash(dashes)
      pen.beginPath()
      for (const { from } of cuts) {
        pen.moveTo(x(from), top)
        pen.lineTo(x(from), bottom)
      }
      pen.stroke()
      pen.setLineDash([])
    }
  }

  function drawLines() {
    pen.strokeStyle = ink('mark')
    pen.lineWidth = 1.5
    if (plot.suggestion) line(0, y(plot.suggestion.threshold), width, y(plot.suggestion.threshold), [1, 4])
    line(0, y(plot.threshold), width, y(plot.threshold))
    pen.lineWidth = 1
  }
}

function pictureOf({ url }, whenThere) {
  const known = sheets.get(url)
  if (known) return known
  const image = new Image()
  image.onload = whenThere
  image.src = url
  sheets.set(url, image)
  return image
}
