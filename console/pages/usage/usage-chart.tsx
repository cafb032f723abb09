import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { sayNumber } from '../../components/count.ts';
import type { DaySums, Figure } from './usage-sums.ts';

const CHART_PX = 240;
const AXIS_PX = 64;
const MOST_BAR_PX = 36;

const compact = new Intl.NumberFormat('en', { notation: 'compact' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const sayDay = (day: string): string => date.format(new Date(day));

interface UsageChartProps {
  days: DaySums[];
  figure: Figure;
  said: string;
}

/** One bar a day. The table below has the same figures for readers who see no chart. */
export function UsageChart({ days, figure, said }: UsageChartProps) {
  return (
    <figure className="chart" aria-label={`Chart: ${said} by day`}>
      <ResponsiveContainer width="100%" height={CHART_PX}>
        <BarChart data={days} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="day" tickFormatter={sayDay} tickLine={false} stroke="var(--quiet)" />
          <YAxis
            width={AXIS_PX}
            tickFormatter={(value: number) => compact.format(value)}
            tickLine={false}
            axisLine={false}
            allowDecimals={false}
            stroke="var(--quiet)"
          />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            formatter={(value) => [sayNumber(Number(value)), said]}
            labelFormatter={(label) => typeof label === 'string' && sayDay(label)}
            contentStyle={{
              border: '1px solid var(--line)',
              borderRadius: 'var(--radius-small)',
              background: 'var(--raised)',
            }}
            itemStyle={{ color: 'var(--text)' }}
          />
          <Bar
            dataKey={figure}
            fill="var(--accent)"
            radius={[3, 3, 0, 0]}
            maxBarSize={MOST_BAR_PX}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}
