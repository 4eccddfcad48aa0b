"""What must hold of everything that waits for somebody, whoever it is and in whatever world."""

from collections import Counter, defaultdict

from core.accounts.models import User
from core.ports import Todo, TodoKind
from groups.todo_kinds import Kind as InGroup
from joinus.home.attention.todo_kinds import Kind as OfGroup
from joinus.home.waiting import rules, todos_for
from participants.todo_kinds import Kind as OfPerson
from questionnaires.todo_kinds import Kind as OfWave

#: Pages on which more than one thing is done, so that more than one to-do may open them: why.
PAGES: dict[str, frozenset[TodoKind]] = {
    "the workers and the person answer apart, in two forms": frozenset(
        {InGroup.TRIAL_JUDGE, InGroup.TRIAL_WISH}
    ),
    "a question, a mail to release and an answer of a parent are settled one by one": frozenset(
        {
            OfPerson.PARENT_QUESTION,
            OfPerson.PARENT_BOUNCED,
            OfPerson.PARENT_SILENT,
            OfPerson.CONSENT,
            OfPerson.OF_AGE,
            OfPerson.INFORM,
        }
    ),
    "the coordinator looks at a group, each time for another reason": frozenset(
        {
            InGroup.SMALL_GROUP,
            InGroup.WORKERS,
            InGroup.RHYTHM,
            OfGroup.WAITING_LIST,
            OfPerson.DATA_REQUEST_LATE,
            OfPerson.LATE_PARENT_QUESTION,
        }
    ),
    "a free place is news, the first contact with who waits for it is work": frozenset(
        {
            InGroup.FIRST_IN_LINE,
            OfPerson.APPLICANT_NEW,
            OfPerson.APPLICANT_LATE,
            OfPerson.APPLICANT_TALK,
        }
    ),
    "the first talk in two steps: tell the decision, talk just the two of you": frozenset(
        {OfPerson.APPLICANT_TO_TELL, OfPerson.TALK_ALONE}
    ),
    "somebody knocks, and an earlier exception was not discussed": frozenset(
        {OfPerson.KNOCKED, OfPerson.NOT_DISCUSSED}
    ),
    "each person who asked is waited for at the door of one evening": frozenset({InGroup.DOOR}),
    "each referrer of one person is told on one page": frozenset({OfPerson.FEEDBACK}),
    "each wave says which answers ask for the talk": frozenset({OfWave.QUESTIONNAIRE_TALK}),
    "one list of who knows whom": frozenset({OfPerson.LEFT_ALONE}),
    "no page of its own: each region names itself": frozenset({OfPerson.NO_COORDINATOR}),
}


def twice(user: User) -> list[str]:
    """The to-dos of this person that lead to an act to which another one leads already."""
    acts: dict[tuple[str, bool], list[Todo]] = defaultdict(list)
    for todo in todos_for(user):
        acts[todo.url, todo.post].append(todo)
    found = []
    for (url, _post), todos in acts.items():
        kinds = {todo.kind for todo in todos}
        alike = max(Counter((todo.kind, todo.about) for todo in todos).values()) > 1
        if alike or (len(todos) > 1 and not any(kinds <= page for page in PAGES.values())):
            found.append(f"{user}: {url}: {[(str(t.kind), t.title) for t in todos]}")
    return found


def beside_its_rule(user: User) -> list[str]:
    """To-dos that are not what their rule says of them: another's kind, or about a stay or not."""
    return [
        f"{user}: {todo}"
        for rule in rules()
        for todo in rule(user, None)
        if todo.kind not in rule.kinds or (todo.stay_id is not None) != rule.of_a_stay
    ]
