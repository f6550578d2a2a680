/**
 * Groups of scenes: each becomes one seamless clip.
 */

import type { GroupData, SessionData } from './data.ts'
import { Icon } from './icon.tsx'
import { inOrder, isChoosable, ticksId } from './scene_grid.tsx'
import { ScenePicture } from './scene_picture.tsx'
import { countText } from './words.ts'

export const groupsId = (key: string) => `groups-${key}`

export function Groups(data: SessionData) {
  const { session, groups } = data
  const open = isChoosable(data)
  return (
    <section
      class='stack'
      id={groupsId(session.key)}
      aria-labelledby='groups-title'
      hidden={groups.length === 0}
    >
      <h2 id='groups-title'>
        Groups <span class='soft'>each becomes one clip, its scenes played without a seam</span>
      </h2>
      <ol class='groups'>
        {groups.map((group, index) => (
          <Group data={data} group={group} index={index} open={open} />
        ))}
      </ol>
    </section>
  )
}

interface GroupProps {
  data: SessionData
  group: GroupData
  index: number
  open: boolean
}

function Group(props: GroupProps) {
  const { data, group, index, open } = props
  const members = group.scenes.flatMap((number) => data.scenes[number - 1] ?? [])
  const seconds = members.reduce((sum, scene) => sum + scene.end_time - scene.start_time, 0)
  const name = group.name ?? `Group ${index + 1}`
  return (
    <li class='group' id={`group-${group.key}`} data-group={group.key} draggable={open ? 'true' : undefined}>
      <div class='film'>
        {members.slice(0, 8).map((scene) => (
          <ScenePicture sessionKey={data.session.key} scene={scene} />
        ))}
      </div>
      {open ? <Controls {...props} /> : <p>{name}</p>}
      {open && <Members {...props} members={members} />}
      <p class='row soft'>
        <span>
          {countText(group.scenes.length, 'scene')}
          {!open && `: ${group.scenes.join(', ')}`} · {seconds.toFixed(1)} s
        </span>
        <button
          type='button'
          class='quiet square end'
          data-play={members.map(({ cut_id }) => cut_id).join()}
          aria-label={`Play ${name} as one clip`}
          hidden
        >
          <Icon name='play' />
        </button>
      </p>
    </li>
  )
}

/** In playing order; dragged there by static/groups.js, or with the buttons. */
function Members({ data, group, members }: GroupProps & { members: SessionData['scenes'] }) {
  const base = `/sessions/${data.session.key}/groups/${group.key}`
  const ids = members.map(({ cut_id }) => cut_id)
  return (
    <form method='post' action={base} hx-patch={base} hx-sync={inOrder(data.session.key)} hx-swap='none'>
      <input type='hidden' name='was' value={ids.join()} />
      <ol class='members' aria-label='Scenes in playing order'>
        {members.map(({ cut_id, number }, place) => (
          <li class='tag' data-member={cut_id} draggable='true'>
            {place > 0 && (
              <button
                class='quiet square'
                name='cuts'
                value={earlier(ids, place).join()}
                aria-label={`Play scene ${number} earlier`}
                data-earlier
              >
                <Icon name='left' />
              </button>
            )}
            <b>{number}</b>
            {members.length > 1 && (
              <button
                class='quiet square'
                name='cuts'
                value={ids.toSpliced(place, 1).join()}
                aria-label={`Take scene ${number} out`}
              >
                <Icon name='remove' />
              </button>
            )}
          </li>
        ))}
        <li>
          <button
            class='quiet'
            form={ticksId(data.session.key)}
            formaction={`${base}/scenes`}
            hx-post={`${base}/scenes`}
            hx-sync={inOrder(data.session.key)}
            hx-swap='none'
          >
            <Icon name='plus' /> Add the ticked
          </button>
        </li>
      </ol>
    </form>
  )
}

const earlier = (ids: number[], place: number) => {
  const id = ids[place] ?? 0
  return ids.toSpliced(place, 1).toSpliced(place - 1, 0, id)
}

function Controls({ data: { session, groups }, group, index }: GroupProps) {
  const base = `/sessions/${session.key}/groups/${group.key}`
  const name = group.name ?? `Group ${index + 1}`
  const sync = inOrder(session.key)
  return (
    <div class='row'>
      <form
        method='post'
        action={base}
        hx-patch={base}
        hx-trigger='change, submit'
        hx-sync={sync}
        hx-swap='none'
        class='row'
      >
        <input type='hidden' name='was' value={group.name ?? ''} />
        <input
          id={`name-${group.key}`}
          name='name'
          value={group.name ?? ''}
          placeholder={`Group ${index + 1}`}
          aria-label={`Name of group ${index + 1}`}
          maxlength={100}
          autocomplete='off'
        />
        <noscript>
          <button>Name</button>
        </noscript>
      </form>
      <form method='post' action={base} hx-patch={base} hx-sync={sync} hx-swap='none' class='row tight'>
        <button
          class='square quiet'
          name='move'
          value='up'
          disabled={index === 0}
          aria-label={`Move ${name} up`}
        >
          <Icon name='up' />
        </button>
        <button
          class='square quiet'
          name='move'
          value='down'
          disabled={index === groups.length - 1}
          aria-label={`Move ${name} down`}
        >
          <Icon name='down' />
        </button>
      </form>
      <form method='post' action={`${base}/delete`} hx-delete={base} hx-sync={sync} hx-swap='none'>
        <button class='square quiet' aria-label={`Remove ${name}`}>
          <Icon name='remove' />
        </button>
      </form>
    </div>
  )
}
