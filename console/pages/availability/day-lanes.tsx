import { sayDay, saySpan } from '../../components/moment.ts';
import { sayCount } from '../../components/count.ts';
import type { Availability } from '../../data/availability.ts';
import { type Bar, daysOf } from './days-of.ts';

const HOURS = [0, 6, 12, 18];
const DAY_HOURS = 24;

const SAID = { busy: 'busy', movable: 'a block that may move', slot: 'free for all' } as const;

/** Each day from midnight to midnight: a lane for each person, and one for slots. */
export function DayLanes({ answer }: { answer: Availability }) {
  return (
    <div className="lanes">
      <ul className="legend">
        {(['busy', 'movable', 'slot'] as const).map((kind) => (
          <li key={kind}>
            <span className={`legend-swatch bar-${kind}`} /> {SAID[kind]}
          </li>
        ))}
      </ul>
      {daysOf(answer).map(({ start, lanes }) => (
        <section key={start} aria-label={sayDay(start)}>
          <h3>{sayDay(start)}</h3>
          <div className="lane lane-hours" aria-hidden>
            <span />
            <div className="track">
              {HOURS.map((hour) => (
                <span key={hour} style={{ left: `${(100 * hour) / DAY_HOURS}%` }}>
                  {String(hour).padStart(2, '0')}:00
                </span>
              ))}
            </div>
          </div>
          {lanes.map(({ name, bars }) => (
            <div key={name} className="lane">
              <span title={name}>{name}</span>
              <div className="track" role="img" aria-label={`${name}: ${sayBars(bars)}`}>
                {bars.map((bar) => (
                  <span
                    key={`${bar.kind} ${bar.start}`}
                    className={`bar-of-time bar-${bar.kind}`}
                    title={`${SAID[bar.kind]}, ${saySpan(bar.start, bar.end)}`}
                    style={{ left: `${bar.from}%`, width: `${bar.share}%` }}
                  />
                ))}
              </div>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

const MOST_SAID = 12;

function sayBars(bars: readonly Bar[]): string {
  if (bars.length === 0) return 'free all day';
  const said = bars.slice(0, MOST_SAID).map(({ kind, start, end }) => `${SAID[kind]} ${saySpan(start, end)}`);
  const more = bars.length - said.length;
  return [...said, ...(more > 0 ? [`and ${sayCount(more, 'span')} more`] : [])].join(', ');
}
