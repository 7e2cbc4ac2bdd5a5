/** The order in which the files of tests begin: those that take longest first, also where no earlier run has left their durations. */
import { matchesGlob, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONGEST = ['test/dashboard/dashboard*', 'test/subscriptions/two-relays*', 'test/flow/kill*', 'test/stores/*'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => this.#place(a) - this.#place(b));
  }

  #place({ moduleId }: TestSpecification): number {
    const place = LONGEST.findIndex((glob) => matchesGlob(relative(this.ctx.config.root, moduleId), glob));
    return place === -1 ? LONGEST.length : place;
  }
}
