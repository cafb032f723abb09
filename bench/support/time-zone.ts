/** Of every calendar that benchmarks generate. */
export const TIME_ZONE = 'Europe/Berlin';
