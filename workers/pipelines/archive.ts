/**
 * Archive: a master becomes scenes, stills, clips and a tidy project folder.
 */

import clips from '../operations/clips.ts'
import copyMaster from '../operations/copy_master.ts'
import detect from '../operations/detect.ts'
import finish from '../operations/finish.ts'
import optimiseMaster from '../operations/optimise_master.ts'
import probe from '../operations/probe.ts'
import research from '../operations/research.ts'
import stillsHq from '../operations/stills_hq.ts'
import stillsWeb from '../operations/stills_web.ts'
import thumbnails from '../operations/thumbnails.ts'
import type { Order, Pipeline } from '../pipeline.ts'

const choose = { name: 'choose', title: 'Choose scenes', waitsFor: 'choice' } as const

export default {
  title: 'Archive',
  steps: [
    { operation: probe, needs: [], vital: true },
    { operation: copyMaster, needs: ['probe'], vital: true },
    // A person waits for the scenes; the optimised master can wait for the person.
    { operation: detect, needs: ['copy_master'], rank: -2 },
    { operation: thumbnails, needs: ['copy_master'], rank: -1 },
    // Where no cuts were found, a person can still set them by hand.
    { operation: choose, needs: ['copy_master'], after: ['detect'] },
    { operation: clips, needs: ['choose'] },
    {
      operation: stillsHq,
      needs: ['choose'],
      wanted: ({ preset, stills }: Order) => stills && preset.stills_hq.enabled,
    },
    { operation: stillsWeb, needs: ['choose'], after: ['stills_hq'], wanted: ({ stills }: Order) => stills },
    // Whether the master may be copied is decided by its frames, however many steps run at once.
    { operation: optimiseMaster, needs: ['copy_master'], after: ['detect'] },
    { operation: research, needs: ['probe'], rank: 1, wanted: ({ rd }: Order) => rd },
    {
      operation: finish,
      needs: ['copy_master'],
      summary: true,
      after: ['optimise_master', 'thumbnails', 'clips', 'stills_hq', 'stills_web', 'research'],
    },
  ],
} satisfies Pipeline
