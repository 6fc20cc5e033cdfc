// A program that ends without closing its press, as one does that is told to stop: its only use is the press's test.
import { openPress } from '../../src/press/index.ts';
import { sampleAnalysis } from '../render/sample.ts';

const analysis = sampleAnalysis();
const press = openPress({
  // The browser runs and has a page by now.
  failpoint: (name) => {
    if (name === 'pdf.printing') process.exit(5);
  },
});
await press.print(analysis, {}, analysis, 7e6);
