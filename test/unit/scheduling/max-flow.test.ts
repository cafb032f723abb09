import { describe, expect, it } from 'vitest';
import { FlowNetwork } from '../../../scheduling/max-flow.ts';

describe('FlowNetwork', () => {
  it('sends as much as the narrowest cut lets through, also back over what flows already', () => {
    const network = new FlowNetwork();
    const [source, a, b, sink] = [0, 1, 2, 3].map(() => network.addNode()) as [
      number,
      number,
      number,
      number,
    ];
    network.addEdge(source, a, 10);
    network.addEdge(a, b, 10);
    network.addEdge(b, sink, 10);
    expect(network.augment(source, sink)).toBe(10);
    network.addEdge(source, b, 5);
    network.addEdge(a, sink, 3);
    expect(network.augment(source, sink)).toBe(3);
  });
});
