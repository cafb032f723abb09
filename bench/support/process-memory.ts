import { readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 50;
const BYTES_PER_KIB = 1_024;

function readStatus(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_PER_KIB;
}

/** Resident memory of a process, in bytes. Linux only. */
export function residentBytes(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

/** The most it ever was, as the kernel has kept it. */
export function peakResidentBytes(pid: number): number {
  return readStatus(pid, 'VmHWM');
}

interface MemorySample {
  atMs: number;
  bytes: number;
}

/** Watches the memory of a process until stopped. */
export function sampleMemory(pid: number): { stop(): MemorySample[] } {
  const samples: MemorySample[] = [];
  const take = () => samples.push({ atMs: Date.now(), bytes: residentBytes(pid) });
  take();
  const timer = setInterval(take, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      take();
      return samples;
    },
  };
}
