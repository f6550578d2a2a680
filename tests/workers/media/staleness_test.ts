import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settingsFor } from '../../../workers/media/lineage.ts'
import { withOverrides } from '../../../workers/media/preset_text.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'
import { usualNaming } from '../../../workers/media/file_names.ts'
import { compareOutputs, type Output, type Plan } from '../../../workers/media/staleness.ts'

const staleness = suite('staleness')

const settings = builtinPresets[0]?.settings
if (!settings) throw new Error('There is no built-in preset.')

/** A session cut at these frames, of 100; scenes in `unticked` make no clip. */
function planOf(
  cuts: number[],
  { unticked = [] as number[], overrides = {}, groups = [] as number[][] } = {},
): Plan {
  const scenes = cuts.map((startFrame, n) => {
    const endFrame = cuts[n + 1] ?? 100
    return {
      ...{ number: n + 1, startFrame, endFrame, ticked: !unticked.includes(n + 1) },
      still: Math.floor((startFrame + endFrame) / 2),
    }
  })
  const preset = withOverrides(settings as NonNullable<typeof settings>, overrides)
  return {
    named: { artwork: 'Tide', projectDate: '26-11-20', naming: usualNaming },
    scenes,
    groups: groups.map(([first = 0, end = 0], n) => ({ number: n + 1, ranges: [[first, end]] })),
    roles: new Set(['clip', 'group', 'still_hq']),
    wanted: (output) => settingsFor(output, preset, 'x264'),
  }
}

/** What a session makes of a plan. */
function madeOf(plan: Plan): Output[] {
  const made = (role: 'clip' | 'still_hq', scene: number, facts: Partial<Output>): Output => ({
    ...{
      id: 0,
      role,
      format: role === 'clip' ? 'mp4' : 'png',
      scene,
      frame: null,
      ranges: null,
      aspect: '16x9',
    },
    path:
      role === 'clip' ? `p/Video-clips/Tide_clip_0${scene}.mp4` : `p/Stills/HQ/Tide_HQ_0${scene}_16x9.png`,
    wanted: plan.wanted({ role, format: null }),
    ...facts,
  })
  const outputs = plan.scenes.flatMap(({ number, startFrame, endFrame, ticked, still }) => [
    ...(ticked ? [made('clip', number, { ranges: [[startFrame, endFrame]] })] : []),
    made('still_hq', number, { frame: still }),
  ])
  return outputs.map((output, n) => ({ ...output, id: n + 1 }))
}

const before = planOf([0, 20, 60])
const outputs = madeOf(before)
const told = (plan: Plan, given = outputs) => {
  const { remake, renames, leftovers } = compareOutputs(given, plan)
  return {
    remake: remake.map(({ role, number, reason }) => `${role} ${number}: ${reason}`),
    renames: renames.map(({ output, name }) => `${output.path.split('/').at(-1)} -> ${name}`),
    leftovers: leftovers.map(({ output, reason }) => `${output.path.split('/').at(-1)}: ${reason}`),
  }
}
const nothing = { remake: [], renames: [], leftovers: [] }

staleness('nothing is stale where nothing changed', () => {
  assert.equal(told(before), nothing)
})

staleness('a cut that moved makes what lies on both its sides stale, and says by how much', () => {
  assert.equal(told(planOf([0, 26, 60])), {
    ...nothing,
    remake: [
      'clip 1: its end moved 6 frames',
      'clip 2: its start moved 6 frames',
      'still_hq 1: its still is frame 13 now, it shows 10',
      'still_hq 2: its still is frame 43 now, it shows 40',
    ],
  })
})

staleness('a scene that was split: its parts are made, those behind it only change their names', () => {
  assert.equal(told(planOf([0, 20, 50, 60])), {
    remake: [
      'clip 2: its end moved 10 frames',
      'clip 3: scene 3 has no clip yet',
      'still_hq 2: its still is frame 35 now, it shows 40',
      'still_hq 3: scene 3 has no full-size still yet',
    ],
    renames: ['Tide_clip_03.mp4 -> Tide_clip_04.mp4', 'Tide_HQ_03_16x9.png -> Tide_HQ_04_16x9.png'],
    leftovers: [],
  })
})

staleness('scenes that were merged leave what the second of them had', () => {
  const { remake, renames, leftovers } = told(planOf([0, 60]))
  assert.equal(remake.length, 2)
  assert.equal(renames, [
    'Tide_clip_03.mp4 -> Tide_clip_02.mp4',
    'Tide_HQ_03_16x9.png -> Tide_HQ_02_16x9.png',
  ])
  assert.equal(leftovers, [
    'Tide_clip_02.mp4: its scene is no more',
    'Tide_HQ_02_16x9.png: its scene is no more',
  ])
})

staleness('a tick that was taken away leaves its clip, one that was set wants it', () => {
  assert.equal(told(planOf([0, 20, 60], { unticked: [2] })).leftovers, [
    'Tide_clip_02.mp4: its scene is not ticked any more',
  ])
  const without = outputs.filter(({ role, scene }) => role !== 'clip' || scene !== 2)
  assert.equal(told(before, without).remake, ['clip 2: scene 2 has no clip yet'])
})

staleness('a changed setting makes stale what it decides, and nothing else', () => {
  const { remake } = told(planOf([0, 20, 60], { overrides: { 'video.crf': 18 } }))
  assert.equal(
    remake,
    [1, 2, 3].map((scene) => `clip ${scene}: CRF 18, it was 20`),
  )
  const old = outputs.map((output) => ({ ...output, wanted: null }))
  assert.equal(told(planOf([0, 20, 60], { overrides: { 'video.crf': 18 } }), old), nothing, 'nobody knows')
})

staleness('a group is compared by its frames, whatever its number', () => {
  const group: Output = {
    ...{ id: 90, role: 'group', format: 'mp4', path: 'p/Video-clips/Tide_group_01.mp4', scene: 1 },
    ...{ frame: 0, aspect: null, ranges: [[0, 60]], wanted: null },
  }
  const given = [...outputs, group]
  assert.equal(told(planOf([0, 20, 60], { groups: [[0, 60]] }), given), nothing)
  const second = [
    [20, 100],
    [0, 60],
  ]
  const { remake, renames } = told(planOf([0, 20, 60], { groups: second }), given)
  assert.equal(remake, ['group 1: group 1 has no file yet'])
  assert.equal(renames, ['Tide_group_01.mp4 -> Tide_group_02.mp4'])
  assert.equal(told(before, given).leftovers, ['Tide_group_01.mp4: there is no such group any more'])
})

staleness.run()
