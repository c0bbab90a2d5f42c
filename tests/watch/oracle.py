"""What has to be told of a watch, by other means than the state machine: counting, and nothing else."""

from dataclasses import dataclass, field


@dataclass
class Oracle:
    """What has to be told of one watch, by a walk of its own: no table, no state machine."""

    fail_after: int
    recover_after: int
    bad: int = 0
    good: int = 0
    incident: int = 0
    open: bool = False
    hushed: bool = False
    quiet_until: object = None
    due_again: bool = False
    told: list = field(default_factory=list)

    def sees(self, outcome, at):
        if self.quiet_until is not None and at >= self.quiet_until:
            self.quiet_until = None  # it ran out, and stays so when the clock is set back
        if outcome == "bad":
            self.bad, self.good = self.bad + 1, 0
        elif outcome == "good":
            self.bad, self.good = 0, self.good + 1
        else:
            return
        quiet = self.quiet_until is not None
        if not self.open and self.bad >= self.fail_after:
            self.open, self.hushed, self.due_again = True, quiet, False
            self.incident += 1
            if not quiet:
                self.told.append(("opened", self.incident))
        elif self.open and outcome == "bad" and not quiet and (self.hushed or self.due_again):
            self.told.append(("opened" if self.hushed else "refired", self.incident))
            self.hushed = self.due_again = False
        elif self.open and self.good >= self.recover_after:
            self.open = False
            if not self.hushed:
                self.told.append(("recovered", self.incident))

    def snoozes(self, until):
        self.quiet_until = until
        self.due_again = self.open and not self.hushed
