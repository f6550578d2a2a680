/** Names hold on every system, and say what the studio expects. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  dateText,
  aspectSuffix,
  originalName,
  projectFolderName,
  safeName,
  unclashed,
  versioned,
} from '../../../workers/media/naming.ts'
import {
  clipName,
  foldersOf,
  masterName,
  type Naming,
  projectName,
  rdName,
  stillName,
  usualNaming,
} from '../../../workers/media/file_names.ts'
import { namingProblems } from '../../../workers/media/naming_check.ts'

const test = suite('naming')
const bytes = (text: string) => Buffer.byteLength(text)

const artwork = (name: string) => ({ artwork: name, projectDate: '26-11-20', naming: usualNaming })
const at = (number: number, count = 12) => ({ number, count, aspect: '16x9' })

test('files are called as the studio calls them', () => {
  const of = artwork('Artwork')
  assert.is(projectName(artwork('Tide Study')), '26-11-20_Tide-Study')
  assert.is(masterName(of), 'Artwork_master.mp4')
  assert.is(clipName(of, 'clip', at(3)), 'Artwork_clip_03.mp4')
  assert.is(clipName(of, 'group', at(1)), 'Artwork_group_01.mp4')
  assert.is(stillName(of, 'HQ', at(1)), 'Artwork_HQ_01_16x9.png')
  assert.is(stillName(of, 'web', at(1)), 'Artwork_web_01_16x9.jpg')
  assert.is(stillName(of, 'thumb', at(1)), 'Artwork_thumb_01_16x9.jpg')
  assert.is(rdName(of, 'HQ', at(1), 'png'), 'Artwork_RD_HQ_01_16x9.png')
  assert.is(rdName(of, 'compressed', at(1), 'mp4'), 'Artwork_RD_compressed_01_16x9.mp4')
})

test('there are three digits from 100 scenes on, and four from 1000', () => {
  assert.is(clipName(artwork('A'), 'clip', at(7, 99)), 'A_clip_07.mp4')
  assert.is(clipName(artwork('A'), 'clip', at(7, 100)), 'A_clip_007.mp4')
  assert.is(clipName(artwork('A'), 'clip', at(7, 1000)), 'A_clip_0007.mp4')
  assert.is(clipName(artwork('A'), 'clip', at(120, 120)), 'A_clip_120.mp4')
})

test('the aspect is the nearest named one within a tenth, else the size', () => {
  const expected: [number, number, string][] = [
    [1920, 1080, '16x9'],
    [1080, 1920, '9x16'],
    [1000, 1000, '1x1'],
    [640, 480, '4x3'],
    [2520, 1080, '21x9'],
    [1920, 817, '235x100'],
    [2048, 858, '235x100'],
    [1080, 1350, '1080x1350'],
    [577, 324, '16x9'],
    [3000, 500, '3000x500'],
    [1100, 1000, '1x1'],
  ]
  for (const [width, height, aspect] of expected)
    assert.is(aspectSuffix(width, height), aspect, `${width}x${height}`)
})

test('letters of any script stay, and white space becomes a dash', () => {
  for (const name of ['Été', 'Прилив', '潮の研究', 'المد', 'Ωmega_1.5', 'नमस्ते', 'می\u200cخواهم', 'wave🌊'])
    assert.is(safeName(name), name)
  assert.is(safeName('Tide \t\n Study'), 'Tide-Study')
  assert.is(safeName('Tide\u00a0Study\u3000two'), 'Tide-Study-two')
  assert.is(safeName('Tide - Study – two'), 'Tide-Study-two')
  assert.is(safeName('e\u0301te\u0301'), 'été', 'composed')
})

test('what Windows, a file system or a URL cannot carry goes', () => {
  assert.is(safeName(`R&D – café's "final" 100%`), 'RD-cafés-final-100')
  assert.is(safeName('a<b>c:d"e/f\\g|h?i*j#k%l&m\'n`o^p{q}r[s]t'), 'abcdefghijklmnopqrst')
  assert.is(safeName('a\0b\u0007c\u202ed\ufeffe\ud800f'), 'abcdef')
  assert.is(safeName('../../etc/passwd'), 'etcpasswd')
  assert.is(safeName('name. . '), 'name')
  assert.is(safeName('-x'), 'x')
  assert.is(safeName('.hidden'), 'hidden')
})

test('names that Windows keeps for devices get a suffix', () => {
  for (const name of ['CON', 'nul', 'Aux', 'COM1', 'lpt9', 'COM¹', 'conin$'])
    assert.is(safeName(name), `${name}_`)
  assert.is(safeName('NUL.final'), 'NUL_.final')
  assert.is(safeName('Console'), 'Console')
  assert.is(safeName('COM10'), 'COM10')
})

test('a name is never empty', () => {
  for (const text of ['', '   ', '...', '---', '///', '\u200d', `"'"`]) assert.is(safeName(text), 'untitled')
})

test('a name is at most 120 bytes, cut between characters', () => {
  assert.is(safeName('x'.repeat(500)), 'x'.repeat(120))
  assert.is(safeName('潮'.repeat(100)), '潮'.repeat(40))
  const families = safeName('👨‍👩‍👧'.repeat(20))
  assert.is(bytes(families), 108)
  assert.is(families, '👨‍👩‍👧'.repeat(6))
  const place = { number: 100, count: 1000, aspect: '235x100' }
  assert.ok(bytes(stillName(artwork('潮'.repeat(100)), 'HQ', place)) < 200)
  assert.ok(bytes(versioned(projectFolderName('26-11-20', '潮'.repeat(100)), 12)) < 200)
})

test('a safe name is safe already', () => {
  const names = [
    `R&D – café's "final" 100%.mov`,
    'CON',
    'x'.repeat(500),
    '',
    '.a. b .',
    `${'x'.repeat(119)}.y`,
  ]
  for (const name of names) assert.is(safeName(safeName(name)), safeName(name))
})

test('an original keeps its name and ending', () => {
  assert.is(originalName('Shot 3.MOV'), 'Shot-3.MOV')
  assert.is(originalName('-x.mov'), 'x.mov')
  assert.is(originalName(`R&D – café's "final" 100%.mov`), 'RD-cafés-final-100.mov')
  assert.is(originalName('no ending'), 'no-ending')
  assert.is(originalName('NUL.mov'), 'NUL_.mov')
  assert.is(originalName('reel.v1.2.mov'), 'reel.v1.2.mov')
  assert.is(originalName(`${'x'.repeat(250)}.mov`), `${'x'.repeat(120)}.mov`)
  assert.is(originalName('name.'), 'name')
  assert.is(originalName('.mov'), 'untitled.mov')
})

test('later folders and clashing files are numbered', () => {
  assert.is(versioned('26-11-20_Tide', 1), '26-11-20_Tide')
  assert.is(versioned('26-11-20_Tide', 2), '26-11-20_Tide_v2')
  const taken = new Set(['a.png', 'a_v2.png'])
  const free = (name: string) => unclashed(name, (candidate) => taken.has(candidate))
  assert.is(free('a.png'), 'a_v3.png')
  assert.is(free('b.png'), 'b.png')
})

test('folders are those of the archive', () => {
  assert.is(foldersOf(usualNaming).stillsHq, 'Stills/HQ')
  assert.is(foldersOf(usualNaming).rdWeb, 'R&D/Compressed')
})

const problemOf = (change: Partial<Naming>) => Object.entries(namingProblems({ ...usualNaming, ...change }))

test('a way of naming can be one’s own', () => {
  const own = { ...usualNaming, still: '{date}-{artwork}-{aspect}-{seq}', clip: '{type}_{seq}_{artwork}' }
  assert.equal(namingProblems(own), {})
  const of = { ...artwork('Tide Study'), naming: own }
  assert.is(stillName(of, 'web', at(2)), '26-11-20-Tide-Study-16x9-02.jpg')
  assert.is(clipName(of, 'group', at(2)), 'group_02_Tide-Study.mp4')
  assert.is(projectName({ ...of, naming: { ...own, project: '{artwork}' } }), 'Tide-Study')
})

test('names that would clash are refused, and told what to add', () => {
  assert.equal(problemOf({ still: '{artwork}_{type}' }), [
    ['still', 'two files would be called Tide-Study_HQ.png; add {seq}'],
  ])
  assert.equal(problemOf({ clip: '{artwork}_{seq}' }), [
    ['clip', 'two files would be called Tide-Study_01.mp4; add {type}'],
  ])
  const folders = { ...usualNaming.folders, clips: 'STILLS' }
  assert.equal(
    problemOf({ folders }).map(([field]) => field),
    ['folders.clips', 'folders.stills'],
  )
})

test('names that some system cannot carry are refused', () => {
  for (const template of [
    '{artwork}:{seq}',
    '{artwork}/{seq}',
    '{artwork} {seq}',
    '{artwork}_{seq}.',
    '-{artwork}_{seq}',
    '{artwork}_{scene}',
    '{artwork}_{seq',
    '{seq}',
    '',
    '{artwork}{artwork}{seq}',
    `{artwork}_{seq}_${'x'.repeat(80)}`,
  ])
    assert.equal(problemOf({ research: template }).length, 1, template)
  for (const folder of ['a/b', 'CON', '..', '', ' ', 'x'.repeat(61), 'process_log.txt', 'a:b'])
    assert.equal(problemOf({ folders: { ...usualNaming.folders, masters: folder } }).length, 1, folder)
})

test('a day is written with two digits each', () => {
  assert.is(dateText(new Date(2026, 0, 5)), '26-01-05')
})

test.run()
