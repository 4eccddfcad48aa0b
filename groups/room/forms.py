"""What people type in the room of a group, and about its chat."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.room.posts import LONGEST_POST, LONGEST_TITLE


class PostForm(forms.Form):
    """One post. The id that the page made for it makes sending it twice one post."""

    text = forms.CharField(
        label=_("What do you want to say?"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_client_id(self) -> object:
        return self.cleaned_data["client_id"] or uuid4()


class TopicForm(PostForm):
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Give it a few words.")},
    )
    field_order = ("title", "text", "client_id")


class EditForm(forms.Form):
    text = forms.CharField(
        label=_("Your post"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": 5})
    )


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=_("Do you want to say why?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class JudgeForm(forms.Form):
    """A word to the author, for a post that is hidden."""

    word = forms.CharField(
        label=_("What do you say to who wrote it?"),
        help_text=_("Only needed when you hide it. The author reads it, in your words."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChatLinkForm(forms.Form):
    link = forms.URLField(
        label=_("Link to the group chat"),
        help_text=_("The invitation link of WhatsApp or another app. Empty: no group chat."),
        max_length=200,
        required=False,
        assume_scheme="https",
    )
