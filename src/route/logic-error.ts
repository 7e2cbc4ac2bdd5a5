/** What evaluating a filter throws: the rule's delivery then becomes a dead letter with this as its reason. */
export class LogicError extends Error {
  /** `LOGIC_BUDGET`: it worked too long or made too much. `LOGIC_FAILED`: its values cannot be worked with. */
  readonly code: 'LOGIC_BUDGET' | 'LOGIC_FAILED';

  constructor(code: 'LOGIC_BUDGET' | 'LOGIC_FAILED', message: string) {
    super(message);
    this.name = 'LogicError';
    this.code = code;
  }
}
