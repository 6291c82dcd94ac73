// Requests sent one after the other, in order; a lost connection is tried again until it is back.

const PAUSES_MS = [500, 1000, 2000, 5000, 10000];

/** The server has answered with a reason: trying again would change nothing. */
export function isRefusal(error) {
  return error?.body !== undefined && error.body !== null;
}

export class Queue {
  /** `onState({waiting, trouble})` hears how many requests wait and whether the connection is lost. */
  constructor({ onState = () => {}, wait = (ms) => new Promise((done) => setTimeout(done, ms)) } = {}) {
    this.tasks = [];
    this.onState = onState;
    this.wait = wait;
    this.running = false;
    this.trouble = false;
  }

  get length() {
    return this.tasks.length;
  }

  /** Send in turn: `send(attempt)` gives a promise; what it gives or is refused with comes back. */
  push(send, label = null) {
    return new Promise((done, failed) => {
      this.tasks.push({ send, label, done, failed });
      this.tell();
      this.run();
    });
  }

  /** What still waits to be sent. */
  waiting() {
    return this.tasks.map((task) => task.label).filter((label) => label !== null);
  }

  tell() {
    this.onState({ waiting: this.tasks.length, trouble: this.trouble });
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.tasks.length > 0) await this.sendFirst();
    this.running = false;
  }

  async sendFirst() {
    const task = this.tasks[0];
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await task.send(attempt);
        this.finish();
        task.done(answer);
        return;
      } catch (error) {
        if (isRefusal(error)) {
          this.finish();
          task.failed(error);
          return;
        }
        this.trouble = true;
        this.tell();
        await this.wait(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]);
      }
    }
  }

  finish() {
    this.tasks.shift();
    this.trouble = false;
    this.tell();
  }
}
