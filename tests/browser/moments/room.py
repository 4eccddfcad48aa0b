"""What young people write to each other, and what a worker does with it."""

from typing import Any

from tests.browser.moments.steps import Enter, Look, Town, named
from tests.groups.room import build


def send_empty(page: Any) -> None:
    form = page.locator("main form", has=page.locator("textarea, input[type=radio]")).last
    form.evaluate("form => { form.noValidate = true }")
    with page.expect_navigation():
        form.locator("button").last.click()


def writing_to_each_other(page: Any, town: Town, enter: Enter, look: Look) -> None:
    casey, amir = named("Casey"), named("Amir")
    group = casey.group
    assert group is not None
    topic = build.begin(group, build.user_of(casey))
    other = build.write(topic, build.user_of(amir), "Ik ga mee!")
    own = topic.posts.exclude(pk=other.pk).get()
    enter(page, town["participant"])
    for path in (str(topic.pk), f"bericht/{own.pk}", f"bericht/{other.pk}/melden"):
        page.goto(f"/groep/{path}/")
        look(page)
        send_empty(page)
        look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    for path in (f"groepen/{group.pk}/forum/{topic.pk}", f"forum/{other.pk}"):
        page.goto(f"/{path}/")
        look(page)
        send_empty(page)
        look(page)
