"""The tag ``csrf_token``, built in everywhere: every form also names the membership it was opened with."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

#: The hidden field of a form, and the header of what htmx sends.
FIELD = "acting-member"
HEADER = "X-Acting-Member"


class FormTokensNode(CsrfTokenNode):
    """The session of two tabs is one: the form itself must tell for which agency it was opened."""

    def render(self, context: Context) -> SafeString:
        token = super().render(context)
        member = context.get("member")
        if not token or member is None:
            return SafeString(token)
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FIELD, member.pk)


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormTokensNode:
    return FormTokensNode()
