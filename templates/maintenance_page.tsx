/**
 * Maintenance: each task with what it does, when it last ran and next will; the schedule; the latest runs.
 */

import type { MaintenanceData } from './data.ts'
import { Layout } from './layout.tsx'
import { RunOutcome, taskWords } from './maintenance_words.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { isoTime } from './words.ts'

export interface MaintenancePageProps extends MaintenanceData {
  eventId: number
  frequencies: readonly string[]
}

export const MaintenancePage = ({ eventId, ...data }: MaintenancePageProps) => (
  <Layout title='Maintenance' eventId={eventId} here='upkeep'>
    <UpkeepHead here='maintenance' />
    <Tasks {...data} />
    <div class='columns'>
      <Runs {...data} />
      <Schedule {...data} />
    </div>
  </Layout>
)

/** While something runs it asks for itself again. */
export const Tasks = ({ running, tasks }: MaintenanceData) => (
  <section
    class='stack'
    id='maintenance-tasks'
    aria-labelledby='tasks-title'
    {...(running && {
      'hx-get': '/upkeep/maintenance',
      'hx-trigger': 'every 2s',
      'hx-select': '#maintenance-tasks',
      'hx-swap': 'outerHTML',
    })}
  >
    <h2 id='tasks-title'>Tasks</h2>
    <p class='soft' role='status'>
      {running === null
        ? 'Nothing runs now.'
        : `${taskWords[running.task][0]} runs now. One task runs at a time.`}
    </p>
    <div class='scroll'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Task</th>
            <th scope='col'>Last run</th>
            <th scope='col'>By itself</th>
            <th scope='col'>
              <span class='visually-hidden'>Now</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <TaskRow {...task} running={running !== null} />
          ))}
        </tbody>
      </table>
    </div>
  </section>
)

type TaskProps = MaintenanceData['tasks'][number] & { running: boolean }

function TaskRow({ task, last, frequency, next, running }: TaskProps) {
  const [title, does] = taskWords[task]
  return (
    <tr>
      <td>
        {title}
        <p class='soft'>{does}</p>
      </td>
      <td data-of='Last run'>
        <RunOutcome run={last} />
      </td>
      <td data-of='By itself'>
        {frequency === null || frequency === 'never' ? (
          'only when asked'
        ) : (
          <>
            {frequency}
            {next !== null && <span class='soft'>, next {slotText(next)}</span>}
          </>
        )}
      </td>
      <td class='number'>
        {task === 'retention' ? (
          <a class='button' href='/upkeep/retention'>
            See what goes
          </a>
        ) : (
          <form method='post' action={`/upkeep/tasks/${task}`}>
            <button disabled={running} aria-label={`Run now: ${title}`}>
              Run now
            </button>
          </form>
        )}
      </td>
    </tr>
  )
}

/** By the clock of the machine, which the schedule goes by: "Sun 29 Nov, 03:00". */
function slotText(at: string): string {
  const date = new Date(isoTime(at))
  const day = date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
  return `${day}, ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
}

const hours = Array.from({ length: 24 }, (_, hour) => hour)

const Schedule = ({ enabled, hour, tasks, frequencies }: Omit<MaintenancePageProps, 'eventId'>) => (
  <form class='panel' method='post' action='/upkeep/schedule' aria-labelledby='schedule-title'>
    <header>
      <h2 id='schedule-title'>Schedule</h2>
    </header>
    <label class='row'>
      <input type='checkbox' name='enabled' value='on' checked={enabled} /> Run tasks by itself
    </label>
    <label class='field'>
      At, by the clock of the machine
      <select name='hour'>
        {hours.map((each) => (
          <option value={each} selected={each === hour}>
            {String(each).padStart(2, '0')}:00
          </option>
        ))}
      </select>
    </label>
    <div class='fields'>
      {tasks.map(
        ({ task, frequency }) =>
          frequency !== null && (
            <label class='field'>
              {taskWords[task][0]}
              <select name={task}>
                {frequencies.map((each) => (
                  <option value={each} selected={each === frequency}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
          ),
      )}
    </div>
    <p class='soft'>
      Weekly is on Sunday, monthly on the first. What was missed is made up after the next start.
    </p>
    <div class='row'>
      <button class='primary'>Save</button>
    </div>
  </form>
)

const Runs = ({ runs }: MaintenanceData) => (
  <section class='stack' aria-labelledby='runs-title'>
    <h2 id='runs-title'>Latest runs</h2>
    {runs.length === 0 ? (
      <p class='soft'>None yet. Each run is kept here with what came of it.</p>
    ) : (
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Task</th>
            <th scope='col'>What came of it</th>
            <th scope='col'>Asked for by</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr>
              <td>{taskWords[run.task][0]}</td>
              <td>
                <RunOutcome run={run} />
              </td>
              <td>{run.cause === 'schedule' ? 'the schedule' : (run.actor ?? 'a person')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
)
