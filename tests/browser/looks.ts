/**
 * What holds for every page, however it is looked at: axe finds nothing, in light or in dark, nothing is wider than a
 * phone, and no word is broken in two.
 */

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'

/** Both sizes and both schemes, each once: axe takes many seconds for a page. */
const looks = [
  { place: 'phone', colorScheme: 'dark', size: { width: 390, height: 844 } },
  { place: 'desk', colorScheme: 'light', size: { width: 1440, height: 900 } },
] as const

/** Looks at the page as it stands, on a phone in the dark and on a desk in the light, as it is afterwards. */
export async function looksRight(page: Page, where: string): Promise<void> {
  for (const { place, colorScheme, size } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await isClean(page, `${where}, ${place}, ${colorScheme}`)
    if (place === 'phone') assert.equal(await page.evaluate(tooWide), [], `${where}: too wide for a phone`)
    assert.equal(await page.evaluate(brokenWords), [], `${where}, ${place}: words are broken`)
  }
}

/** Axe finds nothing on the page as it is now; by `rules` alone where they are given. */
export async function isClean(page: Page, where: string, rules: string[] = []): Promise<void> {
  // No page of ours holds frames of others, and what passes is nothing to tell: a third of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze()
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
  assert.equal(found, [], where)
}

/** What reaches beyond the screen, where the page itself does. */
const tooWide = `
  document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5)`

/** Words of controls and titles that stand on two lines. */
const brokenWords = `
  [...document.querySelectorAll('nav a, button, .button, h1, h2, h3, th, dt, label, summary')].flatMap((one) => {
    const found = []
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const text = texts.currentNode
      if (text.parentElement.closest('.path, .visually-hidden, .word, select')) continue
      for (const { index, 0: word } of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(word)
      }
    }
    return found
  })`
