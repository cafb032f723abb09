import { describe, expect, it } from 'vitest';
import { clip, subtract, unite } from '../../../scheduling/spans.ts';

const span = (start: number, end: number) => ({ start, end });

describe('unite', () => {
  it('joins spans that nest, touch or overlap, in any order', () => {
    expect(unite([span(50, 60), span(0, 30), span(5, 10), span(30, 40), span(35, 45)])).toEqual([
      span(0, 45),
      span(50, 60),
    ]);
  });

  it('drops spans without length', () => {
    expect(unite([span(5, 5), span(9, 7)])).toEqual([]);
  });
});

describe('subtract', () => {
  it('cuts holes and ends off', () => {
    expect(subtract([span(0, 100), span(200, 300)], [span(-5, 10), span(40, 50), span(90, 210)])).toEqual([
      span(10, 40),
      span(50, 90),
      span(210, 300),
    ]);
  });

  it('takes one hole off every span that it covers', () => {
    expect(subtract([span(0, 10), span(20, 30), span(40, 50)], [span(5, 45)])).toEqual([
      span(0, 5),
      span(45, 50),
    ]);
  });
});

describe('clip', () => {
  it('keeps what lies between two minutes', () => {
    expect(clip([span(0, 10), span(20, 30), span(40, 50)], 5, 45)).toEqual([
      span(5, 10),
      span(20, 30),
      span(40, 45),
    ]);
  });
});
