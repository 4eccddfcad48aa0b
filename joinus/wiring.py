"""Who answers which port, in an explicit order. One page, read from top to bottom."""

from core import ports
from core.messaging import todos as messaging_todos
from groups import panels as groups_panels
from groups import placement
from groups import todos as groups_todos
from participants import panels as participants_panels
from participants import parental, stopped, waiting
