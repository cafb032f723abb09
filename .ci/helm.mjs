// Builds Helm, which the test of the chart asks for, where it is not there.
import { ensureHelm } from '../dist/dev/find-helm.js';

await ensureHelm();
