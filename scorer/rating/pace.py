"""Limits as moments that move, and the pace that is left where nobody states a limit and the endpoint refuses.

What is taken now pushes the moment at which the next may go by what it costs at the limit's rate, what is given back
pulls it (the generic cell rate algorithm, ITU-T I.371, annex A).

Without a stated limit a 429 is the only sign. How much it means is told by the share that is refused: an endpoint that
is full refuses what goes beyond its limit, so what it took is the limit; one that refuses a few of many at random is
not full, and going more slowly would not help. So the pace is cut in proportion to the share refused (as data center
TCP does: Alizadeh et al., SIGCOMM 2010), once for each wave of refusals, and time raises it again.
"""

from collections import deque
from math import inf

SHARE = 0.99
"""Of a limit: its other end has a clock of its own."""
SLACK_S = 0.5
"""How late a request may be without losing its turn for good: timers are late, and the next one makes up for it."""
WINDOW_S = 0.5
"""Of the requests that went in so long, the share refused counts; the pace is cut once in so long."""
FEW = 20
"""Or in so many requests where those take longer; fewer count as so many, since a share of them says little."""
TOLERATED = 0.03
"""A share refused that does not show that the endpoint is full."""
MARGIN = 0.1
"""Beyond the share refused the pace gives way by as much again, so that what is queued at the endpoint drains; by no
more than this."""
FULL = 0.25
"""From this share on a wave tells anew what the endpoint bears, and how fast the pace may climb."""
CLIMB = 0.05
"""What comes back each second, of the pace, or of what the endpoint bore when it was last full where that is more."""
SLOWEST_PER_S = 1 / 60
RECENT_S, SHORTEST_S = 2.0, 0.1
REMEMBERED = 4096


class Flow:
    """One limit; amounts are requests or tokens, times are seconds of the pacer's clock."""

    def __init__(self, per_minute: float) -> None:
        self.per_s, self._free_at = SHARE * per_minute / 60, -inf

    def wait_s(self, now: float) -> float:
        """How long until something may go."""
        return self._free_at - now

    def take(self, amount: float, now: float) -> None:
        """Let an amount go."""
        self._free_at = max(self._free_at, now - SLACK_S) + amount / self.per_s

    def give_back(self, amount: float) -> None:
        """Take back what was not used; a negative amount is what was used beyond."""
        self._free_at -= amount / self.per_s


class Pace(Flow):
    """Requests a second as the endpoint seems to bear them: any number, until it refuses."""

    def __init__(self) -> None:
        super().__init__(inf)
        self._bore, self._since = inf, 0.0
        self._granted: deque[float] = deque(maxlen=REMEMBERED)
        self._refused: deque[float] = deque(maxlen=REMEMBERED)
        self._wave_from = self._cut_at = -inf
        self._before, self._worst, self._since_cut = inf, 0.0, FEW

    def take(self, amount: float, now: float) -> None:
        """Let requests go, at the pace of this moment."""
        if self.per_s < inf:
            self.per_s += CLIMB * max(self.per_s, self._bore) * (now - self._since)
        self._since = now
        super().take(amount, now)
        self._granted.append(now)
        self._since_cut += 1

    def refused(self, at: float, now: float) -> None:
        """A request that went at one moment is refused at another.

        Refusals of requests that went before the last cut, or come soon after it, belong to its wave: they deepen that
        cut to what the whole wave says, and are no further one.
        """
        self._refused.append(at)
        is_new = at > self._cut_at and now >= self._cut_at + WINDOW_S and self._since_cut >= FEW
        excess = self._share(at, self._cut_at if is_new else self._wave_from) - TOLERATED
        if is_new and excess > 0:
            self._before, self._worst = min(self._recent_per_s(now), self.per_s), 0.0
            self._wave_from, self._cut_at, self._since_cut = self._cut_at, now, 0
        if excess > self._worst:
            self._worst = excess
            self._slow_down(now)

    def _slow_down(self, now: float) -> None:
        left = (1 - self._worst) * (1 - min(self._worst, MARGIN))
        self.per_s, self._since = max(left * self._before, SLOWEST_PER_S), now
        if self._worst >= FULL or self._bore == inf:
            self._bore = self.per_s

    def _share(self, at: float, since: float) -> float:
        """Of the requests that went shortly before one, itself included, the share refused so far."""
        asked = [one for one in self._granted if since < one <= at]
        shortly = max(sum(one > at - WINDOW_S for one in asked), min(len(asked), FEW))
        refused = sum(asked[-shortly] <= one <= at for one in self._refused) if shortly else 0
        return refused / max(shortly, FEW)

    def _recent_per_s(self, now: float) -> float:
        """Requests a second of late: what the endpoint has just refused."""
        began = max(now - RECENT_S, self._granted[0]) if self._granted else now
        return sum(at >= began for at in self._granted) / max(now - began, SHORTEST_S)
